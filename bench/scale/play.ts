/**
 * Runs the daemon with many services on this machine (or guest), in a network namespace made for it,
 * and prints what it takes: the second half of main.ts.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { DirectorStatus } from '../../src/director/types';
import { Daemon, type Delays, type Figures, type KernelName, RealServers } from './daemon';
import { documentOf, type Shape, whereIs } from './document';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    servers: { type: 'string', default: '10' },
    hosts: { type: 'string', default: '2000' },
    interval: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '10' },
    kernel: { type: 'string', default: 'real' },
    profile: { type: 'boolean', default: false },
  },
});
const shape: Shape = {
  services: Number(values.services),
  servers: Number(values.servers),
  hosts: Number(values.hosts),
};
const MINUTES = Number(values.minutes);
const MINUTE = 60_000;
/** For states to be known, and for V8 to have compiled. */
const WARM_UP = 20_000;
const PAUSE = 1000;
const POLL = 20;
/** A server that has failed is out by then, or the machine is too slow. */
const PATIENCE = 60_000;
/** How often each request to the API is made. */
const TIMES = 5;

const number = (value: number, digits = 0) => value.toFixed(digits);
const delays = ({ p50, p99, p999, max }: Delays) =>
  `p50 ${number(p50)} p99 ${number(p99)} p99.9 ${number(p999)} max ${number(max)} ms`;
const line = (figures: Figures) =>
  `late ${delays(figures.late)}, busy ${delays(figures.busy)}, ` +
  `CPU ${number(figures.cpuSeconds, 1)} s (${number(figures.systemSeconds, 1)} s of it system) in ${number(figures.seconds, 1)} s`;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
  const file = join(folder, 'scale.json');
  writeFileSync(file, documentOf(shape, Number(values.interval)));
  const servers = new RealServers(shape.hosts);
  await servers.line();
  const begun = performance.now();
  const daemon = new Daemon(folder, file, values.kernel as KernelName);
  daemon.process.once('exit', (status) => {
    if (!ended) fail(new Error(`the daemon has ended: ${status}: see ${folder}/log`));
  });
  let ended = false;
  try {
    await until(async () => (await status(daemon)).generation.applied > 0, 4 * PATIENCE);
    console.log(`table filled ${number(performance.now() - begun)} ms after the start`);
    await sleep(WARM_UP);
    console.log(`warm-up: ${line(await daemon.figures())}`);
    if (values.profile) await daemon.profile();
    await steady(daemon, servers);
    if (values.profile) await daemon.profile();
    await requests(daemon);
    console.log(`log: ${(await daemon.get<DirectorStatus>('/v1/status')).alarms.join('; ') || 'no alarms'}`);
  } catch (error) {
    console.log(readFileSync(join(folder, 'log'), 'utf8').slice(-2000));
    throw error;
  } finally {
    ended = true;
    await daemon.stop();
    servers.end();
    console.log(`files are in ${folder}`);
  }
}

async function status(daemon: Daemon): Promise<DirectorStatus> {
  return await daemon.get<DirectorStatus>('/v1/status');
}

async function until(isDone: () => Promise<boolean>, longest = PATIENCE): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const done = await isDone().catch(() => false);
    const elapsed = performance.now() - begun;
    if (done) return elapsed;
    if (elapsed > longest) throw new Error(`not within ${longest} ms`);
    await sleep(POLL);
  }
}

/** Servers fail in turn, one after the other, while minutes go by. */
async function steady(daemon: Daemon, servers: RealServers): Promise<void> {
  let goesOn = true;
  const outs: number[] = [];
  const backs: number[] = [];
  const passes: number[] = [];
  const failing = (async () => {
    for (let turn = 1; goesOn; turn++) {
      const host = (turn * 37) % shape.hosts;
      const where = whereIs(shape, host);
      servers.order(`fail ${host}`);
      outs.push(await until(async () => (await daemon.weight(where)) === 0).catch(() => PATIENCE));
      servers.order(`heal ${host}`);
      backs.push(await until(async () => (await daemon.weight(where)) > 0).catch(() => PATIENCE));
      passes.push((await status(daemon)).passDuration);
      await sleep(PAUSE);
    }
  })();
  for (let minute = 1; minute <= MINUTES; minute++) {
    const before = { count: await servers.connections(), at: performance.now() };
    await sleep(MINUTE);
    const { lag, lateResults, changesSent } = await status(daemon);
    const rate = (await servers.connections()) - before.count;
    const figures = await daemon.figures(true);
    console.log(
      `minute ${minute}: ${line(figures)}, ${number((1000 * rate) / (performance.now() - before.at))} checks/s, ` +
        `lag told ${number(lag)} ms, ${lateResults} late results, ${changesSent} changes, ` +
        `RSS ${number(figures.rssMB!)} MB, heap ${number(figures.heapMB!, 1)} MB`,
    );
  }
  goesOn = false;
  await failing;
  console.log(`failure to weight 0: ${spread(outs)}; well to weight back: ${spread(backs)}`);
  console.log(`pass over the whole table: ${spread(passes)}`);
}

/** What requests to the API take, and how late the loop is meanwhile. */
async function requests(daemon: Daemon): Promise<void> {
  const asks = [
    ['GET', '/v1/status'],
    ['GET', '/v1/health'],
    ['GET', '/v1/health?results=1'],
    ['GET', '/v1/metrics'],
    ['GET', '/v1/metrics?by=service'],
    ['POST', '/v1/reload'],
  ] as const;
  for (const [method, path] of asks) {
    await sleep(PAUSE);
    await daemon.figures();
    await sleep(PAUSE);
    const times: number[] = [];
    let size = 0;
    for (let time = 0; time < TIMES; time++) {
      const begun = performance.now();
      size = (await daemon.ask(path, method)).length;
      times.push(performance.now() - begun);
      await sleep(200);
    }
    const { late, busy } = await daemon.figures();
    console.log(
      `${method} ${path}: ${spread(times)}, ${number(size / 1e6, 2)} MB, late ${delays(late)}, busy ${delays(busy)}`,
    );
  }
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) =>
    number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms (${sorted.length})`;
}

function fail(error: Error): never {
  console.error(error.stack);
  process.exit(1);
}

void main().catch(fail);
