/** The page of a table without the daemon, from its start to its end. */
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import type { IpvsClient } from '../ipvs/client';
import { connect } from '../operations/connect';
import type { InteractiveSystem } from '../platform/interactive-system';
import type { WebRun } from '../platform/web-run';
import { readLive } from '../state/table/live';
import type { WebBackend } from '../web/backend';
import { readPageFiles } from '../web/files';
import { WebServer } from '../web/server';
import { answerRequest } from './api';
import { readDocumentFile, toUnicodePath } from './document-file';
import { type DocumentFile, type FileContext, fileRoutes } from './file-routes';
import { started } from './listen';
import { readLiveTable } from './live-table';
import { Log } from './log';
import { machineRoutes, type Runner } from './machine-routes';
import { runOwnProgram } from './own-program';
import { ConfigurationReader } from './read-configuration';
import { reopening } from './reopening';
import type { Route } from './route';
import { readTls } from './web-listener';

const STDERR = 2;

/** Serves it until a signal. @returns the exit status. @throws IpvsadmError. */
export async function runTablePage(system: InteractiveSystem, run: WebRun): Promise<number> {
  const log = new Log(STDERR, system.environment('JOURNAL_STREAM') === undefined);
  const { client } = connect({ ...system, openTransport: () => reopening(() => system.openTransport()) });
  const file = run.file === undefined ? undefined : documentFile(system, client, { ...run, file: run.file });
  try {
    file?.read();
  } catch (error) {
    throw refused((error as Error).message);
  }
  const { host, port } = run.listen;
  const web = new WebServer(
    {
      can: { health: false, document: file !== undefined, generations: false, directors: false },
      version,
      host: hostname(),
      ha: () => null,
      table: () => readLiveTable(client),
      answer: answering(file),
    },
    {
      listen: run.listen,
      tls: run.tls && tlsOf(run.tls),
      hosts: run.hosts,
      tokenFile: toUnicodePath(run.tokenFile),
      auditFile: toUnicodePath(run.auditFile),
      files: readPageFiles(join(__dirname, 'web')),
      say: (text) => log.say(text),
    },
  );
  try {
    await started(web.server, () => web.server.listen(port, host));
  } catch (error) {
    web.close();
    throw refused((error as Error).message);
  }
  const address = host.includes(':') ? `[${host}]` : host;
  log.say(`the page is at ${run.tls ? 'https' : 'http'}://${address}:${port}/`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  web.close();
  client.close();
  await log.flush(100);
  return exitStatus.ok;
}

/** The requests that a page with a document answers, and one without. */
function answering(file: DocumentFile | undefined): WebBackend['answer'] {
  const runner = { runOwn: runOwnProgram };
  if (!file) {
    const api = { context: runner, table: machineRoutes, generation: () => 0 };
    return (request, response, caller) => answerRequest({ ...api, caller }, request, response);
  }
  const table: readonly Route<unknown, FileContext & Runner>[] = [...fileRoutes, ...machineRoutes];
  const api = { context: { file, ...runner }, table, generation: () => file.read().generation };
  return (request, response, caller) => answerRequest({ ...api, caller }, request, response);
}

function documentFile(
  system: InteractiveSystem,
  client: IpvsClient,
  run: WebRun & { readonly file: string },
): DocumentFile {
  const reader = new ConfigurationReader(system, run);
  const name = unicodeFromBytes(run.file);
  let seen: string | undefined;
  let generation = 0;
  const read = () => {
    const document = readDocumentFile(system, run.file);
    if ('problem' in document) throw new Error(document.problem);
    const { text } = document;
    if (text !== seen) generation += 1;
    seen = text;
    return { text, generation };
  };
  const write = async (text: string) => await system.replaceFile(run.file, [Buffer.from(text, 'utf8')]);
  // Programs run in /.
  const place = resolve(name);
  const reading = [
    ...(run.format === undefined ? [] : [`--format=${run.format}`]),
    ...(run.configId === undefined ? [] : [`--config-id=${run.configId}`]),
  ];
  return {
    name,
    inspect: (text, as) => reader.inspect(text, as),
    unfit: () => '',
    before: () => readLive(client),
    read,
    async replace(text) {
      const former = read().text;
      await write(text);
      const applied = await runOwnProgram(['apply', ...reading, '--', place], () => {});
      if (applied.status === exitStatus.ok) return `${name} is applied`;
      await write(former);
      const back = await runOwnProgram(['apply', ...reading, '--', place], () => {});
      const now =
        back.status === exitStatus.ok
          ? 'the former document is back'
          : `and the way back failed: ${back.text}`;
      throw new Error(`${applied.text}: ${now}`);
    },
  };
}

function tlsOf({ certificate, key }: NonNullable<WebRun['tls']>): { cert: Buffer; key: Buffer } {
  try {
    return readTls({ certificate: toUnicodePath(certificate), key: toUnicodePath(key) });
  } catch (error) {
    throw refused((error as Error).message);
  }
}

function refused(problem: string) {
  return usageError(bytesFromUnicode(`ipvsadm: web: ${problem}`));
}
