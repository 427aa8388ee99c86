/** The web page, where the document in use says. */
import { readFileSync, statSync } from 'node:fs';
import type { Server as SecureServer } from 'node:https';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import type { WebSettings } from '../model/director';
import { parseListenAddress } from '../state/document/listen-address';
import type { WebBackend } from '../web/backend';
import { readPageFiles } from '../web/files';
import { WebServer } from '../web/server';
import { TOKEN_FILE } from '../web/tokens';
import { answerRequest } from './api';
import { started } from './listen';
import type { LiveTable } from './live-table';
import type { Log } from './log';
import type { ApiContext } from './route';
import { routes } from './routes';

/** How often it is looked whether the certificate was renewed, in milliseconds. */
const LOOK = 60_000;
const MAX_PEM = 1024 * 1024;

export interface WebParts {
  readonly context: ApiContext;
  readonly log: Pick<Log, 'say'>;
  /** Where the audit log is. */
  readonly stateDirectory: string;
  readTable(): Promise<LiveTable>;
}

export class WebListener {
  #server: WebServer | undefined;
  #at = '';
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly parts: WebParts) {}

  /** Serves it there and nowhere else. A failure is said, and tried again by the next call. */
  use(settings: WebSettings | undefined): Promise<void> {
    this.#turn = this.#turn.then(() => this.#use(settings));
    return this.#turn;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server?.close();
    this.#server = undefined;
  }

  async #use(settings: WebSettings | undefined): Promise<void> {
    const at = JSON.stringify(settings ?? null);
    if (this.#server && at === this.#at) return;
    this.close();
    this.#at = at;
    if (!settings) return;
    const { log } = this.parts;
    try {
      this.#server = await this.#begin(settings);
      log.say(`the page is at ${settings.tls ? 'https' : 'http'}://${settings.listen}/`);
    } catch (error) {
      log.say(`alarm: no web page: ${(error as Error).message}`);
    }
  }

  /** @throws Error in words. */
  async #begin(settings: WebSettings): Promise<WebServer> {
    const { log, stateDirectory } = this.parts;
    // Now, as loadDaemonParts: another version of the package has others.
    require('../state/files/edit-text');
    const listen = parseListenAddress(settings.listen)!;
    const web = new WebServer(this.#backend(), {
      listen,
      tls: settings.tls && readTls(settings.tls),
      hosts: settings.hosts,
      tokenFile: TOKEN_FILE,
      auditFile: join(stateDirectory, 'web-audit.jsonl'),
      // Bundles lie beside the folder of the page's files.
      files: readPageFiles(join(__dirname, 'web')),
      say: (text) => log.say(`web: ${text}`),
    });
    try {
      await started(web.server, () => web.server.listen(listen.port, listen.host));
    } catch (error) {
      web.close();
      throw error;
    }
    web.server.on('error', ({ message }) => log.say(`web: ${message}`));
    if (settings.tls) this.#followTls(web, settings.tls);
    return web;
  }

  #backend(): WebBackend {
    const { context, readTable } = this.parts;
    const { director, sharing } = context;
    const generation = () => director.status().generation.wanted;
    return {
      can: { health: true, document: true, generations: true, directors: true },
      version,
      host: hostname(),
      director,
      ha: () => sharing.status ?? null,
      table: readTable,
      answer: (request, response, caller) =>
        answerRequest({ context, table: routes, generation, director, caller }, request, response),
    };
  }

  /** Takes a renewed certificate, as programs for that leave it. */
  #followTls({ server }: WebServer, tls: NonNullable<WebSettings['tls']>): void {
    let seen = timesOf(tls);
    this.#timer = setInterval(() => {
      try {
        const now = timesOf(tls);
        if (now === seen) return;
        seen = now;
        (server as unknown as SecureServer).setSecureContext(readTls(tls));
        this.parts.log.say('web: the certificate was read again');
      } catch (error) {
        this.parts.log.say(`web: the former certificate stays: ${(error as Error).message}`);
      }
    }, LOOK);
    this.#timer.unref();
  }
}

/** @throws Error of a file that cannot be read. */
export function readTls({ certificate, key }: NonNullable<WebSettings['tls']>): {
  cert: Buffer;
  key: Buffer;
} {
  return { cert: readPem(certificate), key: readPem(key) };
}

/** A pipe would be waited for, and a device has no end. */
function readPem(file: string): Buffer {
  const about = statSync(file);
  if (!about.isFile() || about.size > MAX_PEM) throw new Error(`${file}: it is no file of at most 1 MB`);
  return readFileSync(file);
}

function timesOf({ certificate, key }: NonNullable<WebSettings['tls']>): string {
  return [certificate, key].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs).join(' ');
}
