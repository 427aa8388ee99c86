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
  /** The factor by which all time limits are extended. */
  slowness: number;
}

const defaultTimeoutSeconds = 60;
const graceSeconds = 10;
const maxTranscript = 4000;

/** A running guest, controlled by commands to its agent (guest/agent.sh) on the console. */
export class Guest implements Lab {
  readonly backend: BackendName;
  readonly folder: string;
  kernel = '';
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (answer: string) => void>();
  private readonly ended: Promise<unknown>;
  private transcript = '';
  private line = '';

  /**
   * Boots a guest.
   * @throws BackendUnavailable, with the last console output, when it does not respond in time.
   */
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
    this.folder = plan.folder.path;
    // setpriv: the kernel kills the guest when this process ends, even by SIGKILL. Detached: Ctrl-C
    // only reaches this process, which then ends the guest.
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...plan.command], {
      env: plan.env ?? process.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'exit').catch(() => undefined);
    this.child.stdin?.on('error', () => undefined); // the guest has ended, which `ended` reports
    this.child.stdout?.on('data', (data: Buffer) => this.read(data.toString('latin1')));
    this.child.stderr?.on('data', (data: Buffer) => this.record(data.toString('latin1')));
    process.once('exit', this.killAtOnce);
  }

  async run(job: Job): Promise<JobResult> {
    const seconds = (job.timeoutSeconds ?? defaultTimeoutSeconds) * this.plan.slowness;
    const number = this.plan.folder.add(job);
    const answer = this.answer(`done ${number}`, seconds + graceSeconds * this.plan.slowness);
    this.command(`run ${number}`);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.command(`kill ${number}`);
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
    this.command('quit');
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

  private command(text: string): void {
    this.child.stdin?.write(`${text}\n`);
  }

  /**
   * Waits for the line `@lab KEY REST` and returns REST.
   * @throws when the guest ends or the time is up.
   */
  private async answer(key: string, seconds: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        new Promise<string>((resolve) => this.waiting.set(key, resolve)),
        this.ended.then(() => Promise.reject(this.failure('the guest ended unexpectedly'))),
        new Promise<never>((_, reject) => {
          const fail = () => reject(this.failure(`the guest did not respond within ${seconds} s`));
          timer = setTimeout(fail, seconds * 1000);
        }),
      ]);
    } finally {
      clearTimeout(timer);
      this.waiting.delete(key);
    }
  }

  /** Returns an error that includes the last output of the console. */
  private failure(what: string): Error {
    return new Error(`${what}\n${this.transcript}`.trim());
  }

  private read(text: string): void {
    const lines = (this.line + text).split(/\r?\n/);
    this.line = lines.pop() ?? '';
    for (const line of lines) {
      // Anywhere in the line, because the kernel's own messages can precede it.
      const [, key = '', rest = ''] = /@lab (ready|done \d+) (\S+)/.exec(line) ?? [];
      const resolve = this.waiting.get(key);
      if (resolve) resolve(rest);
      else this.record(`${line}\n`);
    }
  }

  private record(text: string): void {
    this.transcript = (this.transcript + text).slice(-maxTranscript);
  }
}
