/** Members of a real etcd on the loopback interface: killed, stopped, started again, restored. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface MemberOptions {
  /** Of the members' certificates, and of whom clients must show one. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly ca: string };
}

interface Member {
  readonly name: string;
  readonly client: string;
  readonly peer: string;
  data: string;
  process: ChildProcess | undefined;
}

export class Members {
  readonly folder = mkdtempSync(join(tmpdir(), 'ipvsadm-etcd-'));
  #restored = 0;

  private constructor(
    readonly programs: string,
    readonly members: readonly Member[],
    readonly options: MemberOptions,
  ) {}

  static async start(programs: string, count: number, options: MemberOptions = {}): Promise<Members> {
    const scheme = options.tls ? 'https' : 'http';
    const members: Member[] = [];
    for (let index = 0; index < count; index += 1) {
      const [client, peer] = [await freePort(), await freePort()];
      members.push({
        name: `m${index}`,
        client: `${scheme}://127.0.0.1:${client}`,
        peer: `http://127.0.0.1:${peer}`,
        data: '',
        process: undefined,
      });
    }
    const all = new Members(programs, members, options);
    for (const member of members) member.data = join(all.folder, member.name);
    for (let index = 0; index < count; index += 1) all.begin(index);
    await all.ready();
    return all;
  }

  get endpoints(): readonly string[] {
    return this.members.map(({ client }) => client);
  }

  begin(index: number): void {
    const { name, client, peer, data } = this.members[index]!;
    const { tls } = this.options;
    const secured = tls && {
      '--cert-file': tls.certificate,
      '--key-file': tls.key,
      '--trusted-ca-file': tls.ca,
      '--client-cert-auth': 'true',
    };
    const settings = {
      '--name': name,
      '--data-dir': data,
      '--listen-client-urls': client,
      '--advertise-client-urls': client,
      '--listen-peer-urls': peer,
      '--initial-advertise-peer-urls': peer,
      '--initial-cluster': this.members.map((one) => `${one.name}=${one.peer}`).join(','),
      '--logger': 'zap',
      '--log-level': 'fatal',
      ...secured,
    };
    const args = Object.entries(settings).map(([option, value]) => `${option}=${value}`);
    this.members[index]!.process = spawn(join(this.programs, 'etcd'), args, { stdio: 'ignore' });
  }

  /** Waits until the members have a leader. */
  async ready(): Promise<void> {
    for (let left = 200; left > 0; left -= 1) {
      if ((await this.leader()) !== undefined) return;
      await pause(50);
    }
    throw new Error('etcd does not start');
  }

  /** The member that leads. */
  async leader(): Promise<number | undefined> {
    if (this.options.tls) return await this.listening();
    for (const [index, { client }] of this.members.entries()) {
      const status = await this.ask(client, '/v3/maintenance/status');
      if (status?.leader === undefined) continue;
      if (status.leader === status.header?.member_id) return index;
    }
    return undefined;
  }

  /** @returns the first member, when it accepts connections: it asks for certificates then. */
  private async listening(): Promise<number | undefined> {
    const { port } = new URL(this.members[0]!.client);
    return await new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.destroy();
        setTimeout(() => resolve(0), 1500); // it has begun, but perhaps not elected itself
      });
      socket.on('error', () => resolve(undefined));
    });
  }

  /** @returns undefined if there is no answer. */
  async ask(
    client: string,
    path: string,
    body: object = {},
    token?: string,
  ): Promise<
    { leader?: string; token?: string; error?: string; header?: Record<string, string> } | undefined
  > {
    try {
      const answer = await fetch(`${client}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: token === undefined ? {} : { authorization: token },
        signal: AbortSignal.timeout(1000),
      });
      return (await answer.json()) as { leader?: string };
    } catch {
      return undefined;
    }
  }

  signal(index: number, signal: NodeJS.Signals): void {
    this.members[index]!.process?.kill(signal);
  }

  /** Stops a member, and waits until none of its threads runs: on a busy machine some answer for a while. */
  async freeze(index: number): Promise<void> {
    this.signal(index, 'SIGSTOP');
    const threads = `/proc/${this.members[index]!.process!.pid}/task`;
    const stopped = (thread: string) =>
      /^State:\s+T/m.test(readFileSync(join(threads, thread, 'status'), 'latin1'));
    for (let left = 1000; left > 0; left -= 1) {
      if (readdirSync(threads).every(stopped)) return;
      await pause(5);
    }
    throw new Error('etcd does not stand still');
  }

  async kill(index: number): Promise<void> {
    const { process } = this.members[index]!;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await gone;
  }

  async control(...args: string[]): Promise<string> {
    const environment = { ...process.env, ETCDCTL_API: '3' };
    const { stdout } = await run(join(this.programs, 'etcdctl'), args, { env: environment });
    return stdout;
  }

  async snapshot(): Promise<string> {
    const file = join(this.folder, 'snapshot.db');
    rmSync(file, { force: true });
    await this.control('--endpoints', this.endpoints[0]!, 'snapshot', 'save', file);
    return file;
  }

  /** Builds a store of one member anew from a snapshot. */
  async restore(snapshot: string): Promise<void> {
    const member = this.members[0]!;
    await this.kill(0);
    this.#restored += 1;
    member.data = join(this.folder, `restored-${this.#restored}`);
    await this.control(
      ...['snapshot', 'restore', snapshot, '--data-dir', member.data, '--name', member.name],
      ...['--initial-cluster', `${member.name}=${member.peer}`, '--initial-advertise-peer-urls', member.peer],
    );
    this.begin(0);
    await this.ready();
  }

  async end(): Promise<void> {
    for (let index = 0; index < this.members.length; index += 1) await this.kill(index);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
