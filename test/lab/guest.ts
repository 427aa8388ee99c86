import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { BackendUnavailable, JobTimeout } from './errors';
import type { JobFolder } from './job-folder';
import type { BackendName, Job, JobResult, Lab } from './types';

/** How a guest is started. */
export interface GuestPlan {
  backend: BackendName;
  folder: JobFolder;
  command: [program: string, ...args: string[]];
  env?: NodeJS.ProcessEnv;
  bootSeconds: number;
  /** How many times as long as usual everything takes. */
  slowness: number;
}

const defaultTimeoutSeconds = 60;
const graceSeconds = 10;
const keptTranscript = 4000;

/** A running guest whose agent (guest/agent.sh) takes orders on its console. */
export class Guest implements Lab {
  readonly backend: BackendName;
  kernel = '';
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (answer: string) => void>();
  private readonly ended: Promise<unknown>;
  private transcript = '';
  private line = '';

  /** Boots a guest; fails with the end of its console's output if it does not answer in time. */
  static async start(plan: GuestPlan): Promise<Guest> {
    const guest = new Guest(plan);
    try {
      guest.kernel = await guest.answer('ready', plan.bootSeconds);
      return guest;
    } catch (error) {
      await guest.kill();
      throw new BackendUnavailable((error as Error).message);
    }
  }

  private constructor(private readonly plan: GuestPlan) {
    this.backend = plan.backend;
    // setpriv: the kernel kills the guest when this process ends, even if that is by SIGKILL. Detached: Ctrl-C is for
    // this process, which then ends the guest in its own way.
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...plan.command], {
      env: plan.env ?? process.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'exit').catch(() => undefined);
    this.child.stdin?.on('error', () => undefined); // a guest that ended; whoever waits for it is told by `ended`
    this.child.stdout?.on('data', (data: Buffer) => this.read(data.toString('latin1')));
    this.child.stderr?.on('data', (data: Buffer) => this.keep(data.toString('latin1')));
    process.once('exit', this.killAtOnce);
  }

  async run(job: Job): Promise<JobResult> {
    const seconds = (job.timeoutSeconds ?? defaultTimeoutSeconds) * this.plan.slowness;
    const number = this.plan.folder.add(job);
    const answer = this.answer(`done ${number}`, seconds + graceSeconds * this.plan.slowness);
    this.order(`run ${number}`);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.order(`kill ${number}`);
    }, seconds * 1000);
    try {
      const status = Number(await answer);
      const result = { ...this.plan.folder.take(number), status };
      if (late) throw new JobTimeout(seconds, result);
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    this.order('quit');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
    this.cleanUp();
  }

  private async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    this.cleanUp();
  }

  private readonly killAtOnce = (): void => {
    this.child.kill('SIGKILL');
    this.plan.folder.remove();
  };

  private cleanUp(): void {
    process.off('exit', this.killAtOnce);
    this.plan.folder.remove();
  }

  private order(text: string): void {
    this.child.stdin?.write(`${text}\n`);
  }

  /** Waits for the line `@lab KEY REST`, the end of the guest, or the time limit. */
  private async answer(key: string, seconds: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        new Promise<string>((resolve) => this.waiting.set(key, resolve)),
        this.ended.then(() => Promise.reject(this.failure('the guest ended by itself'))),
        new Promise<never>((_, reject) => {
          const fail = () => reject(this.failure(`the guest gave no answer within ${seconds} s`));
          timer = setTimeout(fail, seconds * 1000);
        }),
      ]);
    } finally {
      clearTimeout(timer);
      this.waiting.delete(key);
    }
  }

  /** An error that also tells what the console said last. */
  private failure(what: string): Error {
    return new Error(`${what}\n${this.transcript}`.trim());
  }

  private read(text: string): void {
    const lines = (this.line + text).split(/\r?\n/);
    this.line = lines.pop() ?? '';
    for (const line of lines) {
      // Not only at the start: the kernel's own messages can stand before it on the same line.
      const [, key = '', rest = ''] = /@lab (ready|done \d+) (\S+)/.exec(line) ?? [];
      const resolve = this.waiting.get(key);
      if (resolve) resolve(rest);
      else this.keep(`${line}\n`);
    }
  }

  private keep(text: string): void {
    this.transcript = (this.transcript + text).slice(-keptTranscript);
  }
}
