/** The second half of main.ts: the daemon, its real servers, a client and the viewers, in this namespace. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { DirectorStatus } from '../../src/director/types';
import { digestOf, formatTokens, newToken, TOKEN_FILE } from '../../src/web/tokens';
import { Daemon, RealServers } from '../scale/daemon';
import { documentOf, type Shape } from '../scale/document';

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '200' },
    services: { type: 'string', default: '1000' },
    servers: { type: 'string', default: '10' },
    hosts: { type: 'string', default: '2000' },
    interval: { type: 'string', default: '10000' },
    /** Connections a second. */
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
  },
});
const shape: Shape = {
  services: Number(values.services),
  servers: Number(values.servers),
  hosts: Number(values.hosts),
};
const PORT = 3636;
const WARM_UP = 20_000;
const FILLED_WITHIN = 240_000;

interface ViewerFigures {
  viewers: number;
  messages: number;
  bytes: number;
  dropped: number;
  p50: number;
  p99: number;
  max: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'web-'));
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
  const file = join(folder, 'lvs.json');
  const web = { listen: `127.0.0.1:${PORT}` };
  writeFileSync(file, documentOf(shape, Number(values.interval), { web }));
  const token = makeToken();
  const servers = new RealServers(shape.hosts);
  await servers.line();
  const daemon = new Daemon(folder, file, 'real');
  const viewers = new Orders('viewers.ts', String(PORT), token);
  const traffic = run('traffic.ts', String(shape.services), values.rate);
  try {
    await filled(daemon);
    await sleep(WARM_UP);
    await measured('nobody watches', daemon, viewers);
    await viewers.order(`open ${values.viewers}`);
    await measured('the overview', daemon, viewers);
    await viewers.order('close');
    const keys = (await daemon.get<{ services: { key: string }[] }>('/v1/services')).services.map(
      ({ key }) => key,
    );
    await viewers.order(`open ${values.viewers} ${keys.slice(0, 50).join(' ')}`);
    await measured('services', daemon, viewers);
    await viewers.order('close');
    const gone = await viewers.order<number>('deaf');
    const { rssMB } = await daemon.figures(true);
    console.log(
      `a viewer that does not read: dropped after ${(gone / 1000).toFixed(1)} s, RSS ${rssMB!.toFixed(0)} MB`,
    );
  } catch (error) {
    console.log(readFileSync(join(folder, 'log'), 'utf8').slice(-2000));
    throw error;
  } finally {
    traffic.kill();
    viewers.end();
    await daemon.stop();
    servers.end();
  }
}

/** Of one who may look. */
function makeToken(): string {
  const token = newToken();
  writeFileSync(
    TOKEN_FILE,
    formatTokens([{ name: 'bench', role: 'view', sha256: digestOf(token)!, since: 0 }]),
  );
  return token;
}

async function filled(daemon: Daemon): Promise<void> {
  const end = performance.now() + FILLED_WITHIN;
  for (;;) {
    const status = await daemon.get<DirectorStatus>('/v1/status').catch(() => undefined);
    if (status && status.generation.applied > 0) return;
    if (performance.now() > end) throw new Error('the table was not filled');
    await sleep(200);
  }
}

/** Watches for a while, after the first messages. */
async function measured(what: string, daemon: Daemon, viewers: Orders): Promise<void> {
  await sleep(5000);
  await viewers.order('figures');
  await daemon.figures();
  await sleep(Number(values.seconds) * 1000);
  const seen = await viewers.order<ViewerFigures>('figures');
  const { cpuSeconds, seconds, late, rssMB, heapMB } = await daemon.figures(true);
  const each = seen.viewers === 0 ? 0 : seen.bytes / seen.viewers / seconds / 1000;
  console.log(
    `${what}: ${seen.viewers} viewers, ${seen.dropped} dropped, ${each.toFixed(1)} kB/s each in ${(seen.messages / (seen.viewers || 1)).toFixed(1)} messages, ` +
      `age p50 ${seen.p50} p99 ${seen.p99} max ${seen.max} ms; ` +
      `daemon: CPU ${((100 * cpuSeconds) / seconds).toFixed(0)} %, RSS ${rssMB!.toFixed(0)} MB, heap ${heapMB!.toFixed(0)} MB, ` +
      `late p50 ${late.p50.toFixed(0)} p99 ${late.p99.toFixed(0)} max ${late.max.toFixed(0)} ms`,
  );
}

function run(name: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(__dirname, name), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** A process that answers each line with a line of JSON. */
class Orders {
  readonly #process: ChildProcess;
  #hear: (line: string) => void = () => {};

  constructor(name: string, ...args: string[]) {
    this.#process = run(name, ...args);
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#hear(line));
  }

  order<T>(text: string): Promise<T> {
    return new Promise((resolve) => {
      this.#hear = (line) => resolve(JSON.parse(line) as T);
      this.#process.stdin!.write(`${text}\n`);
    });
  }

  end(): void {
    this.#process.stdin!.end();
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
