/**
 * A process that watches the page as many browsers do. It reads lines: `open COUNT [SERVICE...]`, each
 * viewer with one of the services in turn; `figures`, which prints those since the last time; `close`;
 * `deaf`, which opens a viewer that does not read, and prints after how many milliseconds it is dropped.
 */
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';

const [, , PORT, TOKEN] = process.argv;
const viewers = new Set<IncomingMessage>();
let bytes = 0;
let messages = 0;
let dropped = 0;
/** Milliseconds from the reading of the table until a viewer has it. */
let ages: number[] = [];

function open(service: string | undefined): Promise<IncomingMessage> {
  const path = service === undefined ? '/v1/stream' : `/v1/stream?service=${encodeURIComponent(service)}`;
  const headers = { authorization: `Bearer ${TOKEN}` };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: Number(PORT), path, headers, agent: false }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`status ${response.statusCode}`));
    })
      .on('error', reject)
      .end();
  });
}

async function watch(service: string | undefined): Promise<void> {
  const response = await open(service);
  viewers.add(response);
  let begun = true;
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    // A message begins with its name; the time is the first field of its data.
    const text = part.toString('latin1', 0, 64);
    if (text.startsWith('event: ')) messages += 1;
    const [, at] = /^event: changed\ndata: \{"at":(\d+)/.exec(text) ?? [];
    if (at !== undefined && !begun) ages.push(Date.now() - Number(at));
    begun = false;
  });
  response.on('error', () => {});
  response.on('close', () => {
    if (viewers.delete(response)) dropped += 1;
  });
}

async function deaf(): Promise<number> {
  const response = await open(undefined);
  const begun = performance.now();
  response.pause();
  return await new Promise((resolve) => {
    const end = () => resolve(performance.now() - begun);
    response.socket.on('close', end).on('error', end);
    // A paused socket does not notice its end: the peer's side of it is asked.
    const timer = setInterval(() => {
      if (isGone(response.socket.localPort!)) {
        clearInterval(timer);
        end();
      }
    }, 200);
  });
}

/** Whether the server has left a connection. */
function isGone(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .find((each) => each.trim().split(/\s+/)[1]?.endsWith(`:${hex}`));
  return line === undefined || line.trim().split(/\s+/)[3] !== '01';
}

const orders: Readonly<Record<string, (words: string[]) => unknown>> = {
  async open([count, ...services]) {
    for (let index = 0; index < Number(count); index++) await watch(services[index % services.length]);
    return viewers.size;
  },
  figures() {
    const sorted = ages.sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
    const figures = {
      viewers: viewers.size,
      messages,
      bytes,
      dropped,
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
    };
    [ages, bytes, messages, dropped] = [[], 0, 0, 0];
    return figures;
  },
  close() {
    for (const viewer of viewers) {
      viewers.delete(viewer);
      viewer.destroy();
    }
    return 0;
  },
  deaf,
};

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name = '', ...words] = line.split(' ');
    console.log(JSON.stringify(await orders[name]!(words)));
  }
  process.exit();
}

void main();
