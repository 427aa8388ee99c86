/** A tunnel into a job: its ports as ports of this machine, and scripts that run in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { shellQuote } from '../shell';
import type { Lab } from '../types';
import { decodeFrames, encodeFrame, type Frame, type Kind } from './frames';
import { Mailbox } from './mailbox';

export interface Tunnel {
  /** Runs a script where the tunnel ends. @returns its output. @throws unless its status is 0. */
  run(script: string): Promise<string>;
  /**
   * Returns a port of 127.0.0.1 that leads to the same port of 127.0.0.1 in the job, or to `target`:
   * ADDRESS:PORT, or the path of a socket. What listens there may come later.
   */
  forward(target?: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a job that lasts until the tunnel is closed.
 * @param setUp runs first, and may `set --` words to put before the program at the tunnel's end, as
 * `ip netns exec NAME`.
 */
export async function openTunnel(
  lab: Pick<Lab, 'run' | 'folder'>,
  setUp: string,
  timeoutSeconds = 300,
): Promise<Tunnel> {
  const folder = mkdtempSync(join(lab.folder, 'tunnel-'));
  const there = `/jobs/${basename(folder)}`;
  buildSync({
    entryPoints: [join(__dirname, 'far-end.ts')],
    outfile: join(folder, 'far-end.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
  });
  const near = new NearEnd(folder);
  const script = `${setUp}\nexec "$@" node ${shellQuote(`${there}/far-end.js`)} ${shellQuote(there)}`;
  const job = lab.run({ script, timeoutSeconds });
  const ended = job.then(
    ({ status, stdout, stderr }) => new Error(`the tunnel ended, status ${status}: ${stdout}${stderr}`),
    (error: Error) => error,
  );
  void ended.then((error) => near.fail(error));
  await near.ready;
  return {
    run: (text) => near.run(text),
    forward: (target) => near.forward(target),
    async close() {
      near.close();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

class NearEnd {
  readonly ready: Promise<void>;
  private readonly mailbox: Mailbox;
  private readonly sockets = new Map<number, Socket>();
  private readonly servers: Server[] = [];
  private readonly commands = new Map<number, { done(bytes: Buffer): void; fail(error: Error): void }>();
  private count = 0;
  private failure: Error | undefined;

  constructor(folder: string) {
    this.mailbox = new Mailbox(folder, { ours: 'down', theirs: 'up' }, (text) => {
      for (const frame of decodeFrames(text)) this.take(frame);
    });
    this.ready = new Promise((resolve, reject) => {
      this.commands.set(0, { done: () => resolve(), fail: reject });
    });
  }

  run(script: string): Promise<string> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      const done = (bytes: Buffer) => {
        const { status, output } = JSON.parse(bytes.toString()) as { status: number; output: string };
        if (status === 0) resolve(output);
        else reject(new Error(`status ${status}: ${script}\n${output}`));
      };
      this.commands.set(id, { done, fail: reject });
      this.say('run', id, script);
    });
  }

  async forward(target?: string): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    server.on('connection', (socket) => this.carry(socket, target ?? `127.0.0.1:${port}`));
    this.servers.push(server);
    return port;
  }

  fail(error: Error): void {
    this.failure = error;
    for (const { fail } of this.commands.values()) fail(error);
    this.commands.clear();
    for (const socket of this.sockets.values()) socket.destroy();
    for (const server of this.servers) server.close();
    this.mailbox.close();
  }

  close(): void {
    this.say('close', 0);
    this.mailbox.flush();
  }

  private carry(socket: Socket, target: string): void {
    const id = ++this.count;
    this.sockets.set(id, socket);
    this.say('open', id, target);
    socket
      .on('data', (bytes) => this.say('data', id, bytes))
      .on('end', () => this.say('end', id))
      .on('error', () => undefined) // "close" follows
      .on('close', () => {
        if (this.sockets.delete(id)) this.say('gone', id);
      });
  }

  private take({ kind, id, bytes }: Frame): void {
    if (kind === 'done' || kind === 'open') {
      this.commands.get(id)?.done(bytes);
      this.commands.delete(id);
    } else if (kind === 'data') {
      this.sockets.get(id)?.write(bytes);
    } else if (kind === 'end') {
      this.sockets.get(id)?.end();
    } else if (kind === 'gone') {
      const socket = this.sockets.get(id);
      this.sockets.delete(id);
      socket?.end(() => socket.destroy()); // after what is still to be sent
    }
  }

  private say(kind: Kind, id: number, bytes?: Buffer | string): void {
    if (this.failure === undefined) this.mailbox.send(encodeFrame(kind, id, bytes));
  }
}
