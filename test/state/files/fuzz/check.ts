/** What must be true of every reader and every document. */

import { toText } from '../../../../src/bytes/byte-text';
import { bytesFromUnicode, unicodeFromBytes } from '../../../../src/bytes/unicode';
import { visibleUnicode } from '../../../../src/bytes/visible';
import { parseServices } from '../../../../src/engines/node/services';
import { IpvsadmError } from '../../../../src/errors/ipvsadm-error';
import { IpvsClient } from '../../../../src/ipvs/client';
import { connectionsOf } from '../../../../src/operations/list-connections';
import { main } from '../../../../src/program/classic';
import { wrapperFor } from '../../../../src/program/wrappers';
import { connectionSchema } from '../../../../src/state/document/schema';
import { listedState } from '../../../../src/state/document/to-object';
import { writeConnection } from '../../../../src/state/document/write';
import {
  isImportedFormat,
  type ReadState,
  readState,
  type StateFormat,
} from '../../../../src/state/files/read';
import { type WrittenFormat, writers, writtenFormats } from '../../../../src/state/files/writers';
import { formatProblems, type Problem } from '../../../../src/state/source/diagnostics';
import type { TableState } from '../../../../src/state/table/table-state';
import { FakeKernel } from '../../../helpers/fake-kernel';
import { tableText } from '../../../helpers/table-of-state';
import { testNames } from '../../../helpers/test-names';
import { runIn } from '../../../helpers/test-system';
import type { FuzzedFormat } from './generate';

/** @throws an error that says what is wrong. @returns whether the document was accepted. */
export type Check = (document: string) => Promise<boolean>;

const context = { programName: 'ipvsadm', posix: false, names: testNames };

/** Where the document is; files that it may include are beside it. */
const FOLDER = '/etc/fuzz';
const included = {
  [`${FOLDER}/a.conf`]:
    'virtual_server 192.0.2.200 80 {\n  protocol TCP\n  real_server 10.0.0.1 80 {\n  }\n}\n',
  [`${FOLDER}/b.conf`]: 'include b.conf\n}\n',
};

async function read(format: StateFormat, document: string): Promise<ReadState> {
  let state: ReadState | undefined;
  const path = `${FOLDER}/document`;
  const world = {
    args: [],
    files: { ...included, [path]: document },
    directories: { [FOLDER]: ['a.conf', 'b.conf', 'document'] },
    openTransport: () => new FakeKernel().open(),
  };
  await runIn(world, async (system) => {
    state = await readState(path, system, context, { format, complete: true });
    return 0;
  });
  return state!;
}

/** Problems of the file as a whole, which have no place. */
const ofTheFile = /^(is empty|is larger than|the document is empty)/;

function checkPlace({ span, also = [], message }: Problem, length: number): void {
  if (!span && !ofTheFile.test(message)) throw new Error(`a problem without place: ${message}`);
  for (const place of [...(span ? [span] : []), ...also]) {
    const inside = place.offset >= 0 && place.length >= 0 && place.offset + place.length <= length + 1;
    if (!inside)
      throw new Error(`a place outside of the text: ${JSON.stringify(place)} of ${length}: ${message}`);
  }
}

function checkReport(report: string): void {
  if (visibleUnicode(report) !== report)
    throw new Error(`a control character in a message: ${JSON.stringify(report)}`);
  if (/internal error|\[object |\bundefined\b.*\bundefined\b|^[ \t]+at .*:\d+:\d+/m.test(report))
    throw new Error(report);
}

function checkProblems({ source, problems, good }: ReadState): void {
  for (const problem of problems) checkPlace(problem, source.text.length);
  checkReport(formatProblems(source, problems));
  if (!good && problems.length === 0) throw new Error('refused without a problem');
}

function written(format: WrittenFormat, state: TableState): { text: string; incomplete: number } {
  let incomplete = 0;
  const blocks = writers[format](listedState(state), () => {
    incomplete += 1;
  });
  return { text: [...blocks].map((block) => toText(block)).join(''), incomplete };
}

/** A state without what a format cannot say but by leaving it out. */
const usual = ({ timeouts, daemons, services }: TableState): TableState => ({
  ...(timeouts ? { timeouts } : {}),
  ...(daemons && daemons.length > 0 ? { daemons } : {}),
  services: services ?? [],
});

const jsonOf = (state: TableState) => written('json', usual(state)).text;

/** What is written in an imported format is read service by service: that takes its time. */
const MOST_WRITTEN = 30;

/** Writes the state in each format that can express it, and reads it again. */
async function checkWriting({ state }: ReadState): Promise<void> {
  const wanted = jsonOf(state);
  const services = (state.services ?? []).length;
  for (const format of writtenFormats) {
    if (format !== 'json' && services === 0) continue; // an empty file is refused
    if (isImportedFormat(format) && services > MOST_WRITTEN) continue;
    const { text, incomplete } = written(format, state);
    if (incomplete > 0) continue;
    const again = await read(format, text);
    if (!again.good)
      throw new Error(`written as ${format} it is refused: ${formatProblems(again.source, again.problems)}`);
    const found = jsonOf(again.state);
    if (found !== wanted) throw new Error(`written as ${format} it is another state:\n${wanted}\n${found}`);
  }
}

const stateCheck =
  (format: StateFormat): Check =>
  async (document) => {
    const state = await read(format, document);
    checkProblems(state);
    if (state.good) await checkWriting(state);
    return state.good;
  };

/** The rules on standard input of -R and of both kinds of ipvsadm-restore. */
const checkRestore: Check = async (document) => {
  const run = async (programName: string, args: readonly string[]) => {
    const kernel = new FakeKernel();
    const program = wrapperFor(programName) ?? main;
    const world = { programName, args, stdin: document, openTransport: () => kernel.open() };
    const outcome = await runIn(world, program);
    if (![0, 1, 2, 255].includes(outcome.status))
      throw new Error(`status ${outcome.status}: ${outcome.stderr}`);
    if (/internal error|^[ \t]+at .*:\d+:\d+/m.test(outcome.stderr)) throw new Error(outcome.stderr);
    return { ...outcome, kernel };
  };
  const table = (kernel: FakeKernel) => tableText(new IpvsClient(kernel.open()));
  await run('ipvsadm', ['-R']);
  const plain = await run('ipvsadm-restore', []);
  const strict = await run('ipvsadm-restore', ['--strict']);
  const report = unicodeFromBytes(strict.stderr);
  checkReport(report);
  if (strict.status !== 0) return false;
  if (plain.status === 0 && plain.stderr === '' && table(plain.kernel) !== table(strict.kernel)) {
    throw new Error(`--strict makes another table:\n${table(plain.kernel)}\n${table(strict.kernel)}`);
  }
  return true;
};

/** Connections are listed as text and as JSON. */
const checkConnections: Check = async (document) => {
  const files = { '/proc/net/ip_vs_conn': document };
  const openTransport = () => new FakeKernel().open();
  let accepted = true;
  for (const args of [['-Lnc'], ['-Lc'], ['-Lnc', '--persistent-conn']]) {
    const { status, stderr } = await runIn({ args, files, openTransport }, main);
    if (/internal error/.test(stderr)) throw new Error(stderr);
    if (status !== 0) accepted = false;
  }
  await runIn({ args: [], files, openTransport }, async (system) => {
    try {
      for (const connection of connectionsOf(system, () => {})) {
        const line = writeConnection(connection);
        const found = connectionSchema.safeParse(JSON.parse(line));
        if (!found.success) throw new Error(`${line}${found.error.message}`);
      }
    } catch (error) {
      if (!(error instanceof IpvsadmError)) throw error;
    }
    return 0;
  });
  return accepted;
};

const checkServices: Check = async (document) => {
  const { ports, names } = parseServices(unicodeFromBytes(document));
  if (ports.size !== names.size) throw new Error('ports and names of different protocols');
  if (bytesFromUnicode(unicodeFromBytes(document)) !== document) throw new Error('bytes were lost');
  return true;
};

export const checks: Readonly<Record<FuzzedFormat, Check>> = {
  rules: stateCheck('rules'),
  restore: checkRestore,
  json: stateCheck('json'),
  yaml: stateCheck('yaml'),
  keepalived: stateCheck('keepalived'),
  ldirectord: stateCheck('ldirectord'),
  connections: checkConnections,
  services: checkServices,
};
