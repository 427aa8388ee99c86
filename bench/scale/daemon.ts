/** The daemon and the real servers of the measurement as processes, and what they are asked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServerHealth } from '../../src/director/types';

/** In milliseconds. */
export interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface Figures {
  /** How late beats of 5 ms were. */
  readonly late: Delays;
  /** How much of the processor was used from one to the next: this is what other programs do not change. */
  readonly busy: Delays;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly systemSeconds: number;
  readonly rssMB?: number;
  readonly heapMB?: number;
}

export type KernelName = 'real' | 'fake';

export class Daemon {
  readonly process: ChildProcess;
  readonly #socket: string;
  readonly #probe: string;

  constructor(
    readonly folder: string,
    file: string,
    kernel: KernelName,
  ) {
    this.#socket = join(folder, 'director.sock');
    this.#probe = join(folder, 'probe.sock');
    const options = ['--require', join(__dirname, 'probe.cjs')];
    const [program, args] =
      kernel === 'fake'
        ? [process.execPath, ['--import', 'tsx', join(__dirname, 'fake-daemon.ts'), 'run', file, folder]]
        : [
            process.env.IPVSADM_NODE ?? join(__dirname, '../../bin/ipvsadm-node'),
            [...['director', 'run', file], ...this.#paths()],
          ];
    this.process = spawn(program as string, args as string[], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: options.join(' '), SCALE_PROBE: this.#probe },
    });
    this.process.stderr!.pipe(createWriteStream(join(folder, 'log')));
  }

  #paths(): string[] {
    const { folder } = this;
    return [
      ...['--socket', this.#socket],
      ...['--run-directory', join(folder, 'run')],
      ...['--state-directory', join(folder, 'state')],
    ];
  }

  /** Asks the API. @returns the body, as text. */
  ask(path: string, method = 'GET'): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.#socket, path, method, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(Buffer.concat(parts).toString()));
        response.on('error', reject);
      });
      asked.on('error', reject).end();
    });
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.ask(path)) as T;
  }

  /** The figures since the last time. @param memory collects garbage first, which is not counted. */
  async figures(memory = false): Promise<Figures> {
    return JSON.parse(await this.#probed(memory ? 'memory' : 'figures')) as Figures;
  }

  #probed(order: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const probe = connect(this.#probe, () => probe.write(order));
      let text = '';
      probe.setEncoding('utf8').on('data', (data: string) => {
        text += data;
      });
      probe.on('error', reject).on('end', () => resolve(text));
    });
  }

  /** Begins a profile of the processor, or ends it and writes it to a file. */
  async profile(): Promise<void> {
    await this.#probed('profile');
  }

  async weight(where: string): Promise<number> {
    const [health] = await this.get<ServerHealth[]>(`/v1/health/${where}?results=0`);
    return health!.weight;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }
}

/** The process of servers.ts. */
export class RealServers {
  readonly #process: ChildProcess;
  #hear: (line: string) => void = () => {};

  constructor(hosts: number) {
    this.#process = spawn(
      process.execPath,
      ['--import', 'tsx', join(__dirname, 'servers.ts'), String(hosts)],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#hear(line));
  }

  /** The next line that it prints. */
  line(): Promise<string> {
    return new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  order(text: string): void {
    this.#process.stdin!.write(`${text}\n`);
  }

  async connections(): Promise<number> {
    const line = this.line();
    this.order('count');
    return Number(await line);
  }

  end(): void {
    this.#process.stdin!.end();
  }
}
