/** Metrics over HTTP, where the command line or the document in use says. */
import type { Server } from 'node:http';
import type { ListenAddress } from '../state/document/listen-address';
import { serveMetrics } from './listen';
import type { Log } from './log';
import type { ApiContext } from './route';

export class MetricsListener {
  #server: Server | undefined;
  #at: ListenAddress | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly context: Pick<ApiContext, 'metrics'>,
    readonly log: Pick<Log, 'say'>,
  ) {}

  /** Listens there and nowhere else. A failure is said, and tried again by the next call. */
  use(at: ListenAddress | undefined): Promise<void> {
    this.#turn = this.#turn.then(() => this.#use(at));
    return this.#turn;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }

  async #use(at: ListenAddress | undefined): Promise<void> {
    if (this.#server && at && at.host === this.#at?.host && at.port === this.#at.port) return;
    this.close();
    this.#at = at;
    if (!at) return;
    try {
      this.#server = await serveMetrics(this.context, at);
      this.#server.on('error', ({ message }) => this.log.say(`metrics: ${message}`));
    } catch (error) {
      this.log.say(`alarm: no metrics over HTTP: ${(error as Error).message}`);
    }
  }
}
