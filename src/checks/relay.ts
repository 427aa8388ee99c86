/**
 * Connections with a firewall mark, for which Node has no system call: the helper of the native
 * executable (src/engines/quickjs/relay.c) connects and copies. A stream's bytes pass as they are,
 * each datagram behind its length of two bytes.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { exitStatus } from '../errors/exit-status';
import { type Attempt, CheckFailure } from './attempt';
import { HELPER_NAME, helperPaths } from './helper';
import type { Place } from './place';
import { startProgram } from './program';

type Helper = ChildProcessByStdio<Writable, Readable, Readable>;

/** The helper's limit is behind ours: it is what ends it if this process cannot. */
const GRACE = 1000;
const MAX_STATUS_LINE = 256;

const MISSING =
  "a mark needs the native executable, which is not installed (its helper sets SO_MARK): 'ipvsadm' in /usr/sbin";

/** Connects a stream. */
export function relayStream(attempt: Attempt, place: Place): Promise<Duplex> {
  return relay(attempt, place, 'tcp');
}

/** Connects a datagram socket: each write is a frame, and what is read are frames. */
export function relayDatagrams(attempt: Attempt, place: Place): Promise<Duplex> {
  return relay(attempt, place, 'udp');
}

async function relay(attempt: Attempt, place: Place, transport: 'tcp' | 'udp'): Promise<Duplex> {
  const words = [
    ...['relay', transport, String(attempt.remaining() + GRACE), place.source ?? '-', place.address],
    ...[String(place.port), 'mark', String(place.mark)],
  ];
  for (const path of attempt.options.helpers ?? helperPaths) {
    if (!existsSync(path)) continue;
    const duplex = await start(attempt, path, words);
    if (duplex) return duplex;
  }
  throw new CheckFailure(MISSING, true);
}

/** @returns undefined if the program does not know the words: it is the C program, or an old one. */
async function start(attempt: Attempt, path: string, words: string[]): Promise<Duplex | undefined> {
  const helper = await startProgram(path, words, { argv0: HELPER_NAME, stdio: ['pipe', 'pipe', 'pipe'] });
  const duplex = new RelayedStream(helper as Helper);
  attempt.atEnd(() => duplex.destroy());
  const status = await duplex.status();
  if (status === undefined) return undefined;
  const [, failure, what] = /^failed (\d+) (\S+)$/.exec(status) ?? [];
  if (failure === undefined) return duplex;
  duplex.destroy();
  throw failureOf(Number(failure), what!);
}

function failureOf(errno: number, what: string): Error {
  const error = systemError(errno);
  return what === 'SO_MARK' && error.code === 'EPERM'
    ? new CheckFailure('a mark needs the capability CAP_NET_ADMIN', true)
    : error;
}

function systemError(errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(code), { code });
}

/** Both ways of the helper as one stream. */
class RelayedStream extends Duplex {
  private said = '';

  constructor(private readonly helper: Helper) {
    super({ allowHalfOpen: true });
    helper.stderr.setEncoding('latin1').on('data', (text: string) => {
      if (this.said.length < MAX_STATUS_LINE) this.said += text;
    });
    // Who uses the stream hears of its errors; one without a listener would end the process.
    for (const part of [this, helper.stdin, helper.stdout, helper.stderr]) part.on('error', () => {});
  }

  /** The line that the helper begins with; undefined if it knows no such words or does not start. */
  status(): Promise<string | undefined> {
    const { helper } = this;
    return new Promise((resolve, reject) => {
      let line = Buffer.alloc(0);
      const take = (bytes: Buffer) => {
        line = Buffer.concat([line, bytes]);
        const end = line.indexOf('\n');
        if (end < 0 && line.length < MAX_STATUS_LINE) return;
        helper.stdout.off('data', take).pause();
        helper.stdout.unshift(line.subarray(end + 1));
        this.copy();
        resolve(line.toString('latin1', 0, end));
      };
      helper.stdout.on('data', take);
      helper.once('close', (code) => {
        if (code === exitStatus.usage || line.length > 0) resolve(undefined);
        else reject(new CheckFailure(`the helper for marks failed: ${this.said.trim() || code}`, true));
      });
    });
  }

  private copy(): void {
    const { helper } = this;
    helper.stdout.on('data', (bytes) => {
      if (!this.push(bytes)) helper.stdout.pause();
    });
    // All of its output has come, and so have its last words.
    helper.once('close', () => {
      const [, errno] = /^failed (\d+)/.exec(this.said) ?? [];
      if (errno === undefined) this.push(null);
      else this.destroy(systemError(Number(errno)));
    });
  }

  override _read(): void {
    this.helper.stdout.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.helper.stdin.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.helper.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.helper.kill('SIGKILL'); // does nothing if it has ended
    for (const part of [this.helper.stdin, this.helper.stdout, this.helper.stderr]) part.destroy();
    done(error);
  }
}
