/** A System for tests, with given arguments, files and names. It records the output. */

import { toBytes, toText } from '../../src/bytes/byte-text';
import { parseServices } from '../../src/engines/node/services';
import { errno } from '../../src/errors/errno';
import { parseAddress } from '../../src/model/address';
import type { Transport } from '../../src/netlink/transport';
import type { CountingClient, CountingTarget } from '../../src/platform/counting';
import type {
  DirectorAnswer,
  DirectorEnd,
  DirectorQuestion,
  DirectorRun,
} from '../../src/platform/director-system';
import type {
  Call,
  CallTarget,
  HeardDatagram,
  InteractiveSystem,
  Interruption,
  ProgramRun,
} from '../../src/platform/interactive-system';
import type { Screen } from '../../src/platform/screen';
import { InputError, OutputError } from '../../src/platform/system';
import type { WebRun } from '../../src/platform/web-run';

export interface TestWorld {
  readonly openScreen?: () => Screen | undefined;
  readonly runDirector?: (run: DirectorRun) => DirectorEnd;
  readonly runWeb?: (run: WebRun) => DirectorEnd;
  readonly runProgramAside?: (name: string, args: readonly string[]) => ProgramRun | undefined;
  readonly countLosses?: (target: CountingTarget) => CountingClient;
  readonly askDirector?: (question: DirectorQuestion) => DirectorAnswer;
  readonly args: readonly string[];
  readonly programName?: string;
  /** Standard input; a list gives the blocks in which it is read. */
  readonly stdin?: string | readonly string[];
  /** The errno with which reading standard input fails after `stdin`. */
  readonly stdinErrno?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files by path; undefined: missing. A list gives the blocks in which a file is read. */
  readonly files?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The text of /etc/hosts. */
  readonly hosts?: string;
  /** Whether standard output is a terminal. */
  readonly terminal?: boolean;
  openTransport(): Transport;
  /** Called for all output; may throw OutputError. */
  onWrite?(stream: 'stdout' | 'stderr', text: string): void;
  /** The width of the terminal in columns. */
  readonly width?: number;
  /** Its height in lines. */
  readonly height?: number;
  /** The time in milliseconds. */
  now?(): number;
  /** Called for each sleep; may change the world and return a signal. Default: returns at once. */
  sleep?(milliseconds: number): Interruption | undefined | Promise<undefined>;
  /** Called for each file that is written. */
  onReplace?(path: string, text: string): void;
  /** Called for each file that is removed. */
  onRemove?(path: string): void;
  /** What symbolic links lead to. */
  readonly links?: Readonly<Record<string, string>>;
  /** File names by directory. */
  readonly directories?: Readonly<Record<string, readonly string[]>>;
  /** File identities by path. */
  readonly identities?: Readonly<Record<string, string>>;
  /** Enters another network namespace. Default: does nothing. */
  enterNamespace?: InteractiveSystem['enterNamespace'];
  /** Runs a command in another network namespace. Default: fails with EPERM. */
  runInNamespace?: InteractiveSystem['runInNamespace'];
  /** Runs a command in a new network namespace. Default: refused. */
  runInNewNamespace?(args: readonly string[], input: string): string | ProgramRun;
  /** Tries to take the lock of the table. Default: takes it. */
  lockTable?: InteractiveSystem['lockTable'];
  /** Opens a directory of numbered files. Default: on a file system that cannot be written. */
  openRing?: InteractiveSystem['openRing'];
  /** Opens a socket of another netlink protocol. Default: fails. */
  openNetlink?: InteractiveSystem['openNetlink'];
  /** What comes to a multicast group. Default: nothing. */
  hearMulticast?(group: string, port: number, local: string, milliseconds: number): readonly HeardDatagram[];
  /** Called for each file of the kernel that is written. */
  onKernelFile?(path: string, text: string): void;
  /** Runs another program. Default: there is none. */
  runProgram?: InteractiveSystem['runProgram'];
  runPackets?: InteractiveSystem['runPackets'];
  /** Opens a TCP connection. Default: it is refused. */
  call?(target: CallTarget): Call;
  /** Replaces modprobe. Default: modprobe finds no module. */
  loadModule?(): void;
}

export interface Outcome {
  stdout: string;
  stderr: string;
  status: number;
}

/** The part of Debian's /etc/services that the recorded cases use. */
export const services = `
ftp-data 20/tcp
ssh 22/tcp
domain 53/tcp
domain 53/udp
http 80/tcp www # WorldWideWeb HTTP
https 443/tcp
https 443/udp
sip 5060/tcp
sip 5060/udp
http-alt 8080/tcp webcache
`;

/** Runs `program` in a test world and returns its output and exit status. */
export async function runIn(
  world: TestWorld,
  program: (system: InteractiveSystem) => Promise<number>,
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const files: Record<string, string | readonly string[] | undefined> = { ...usualFiles, ...world.files };
  const database = parseServices(services);
  const hosts = parseHosts(world.hosts ?? '');
  const input = blocksOf(world.stdin ?? '');
  const write = (stream: 'stdout' | 'stderr', text: string) => {
    world.onWrite?.(stream, text);
    written[stream] += text;
  };
  const status = await program({
    programName: world.programName ?? 'ipvsadm',
    args: world.args,
    environment: (name) => world.environment?.[name],
    openTransport: world.openTransport,
    loadModule() {
      if (world.loadModule) world.loadModule();
      else write('stderr', 'modprobe: FATAL: Module ip_vs not found in directory /lib/modules/KERNEL\n');
    },
    write: (stream, bytes) => write(stream, toText(bytes)),
    stdoutIsTerminal: () => world.terminal ?? false,
    readInput() {
      const block = input.next().value;
      if (!block && world.stdinErrno !== undefined) throw new InputError(world.stdinErrno);
      return block ?? new Uint8Array(0);
    },
    readFile: (path) => (files[path] === undefined ? undefined : [files[path]].flat().join('')),
    readDirectory: (path) => world.directories?.[path] ?? [],
    enterNamespace: (path, args) => world.enterNamespace?.(path, args),
    readBlocks: (path) => (files[path] === undefined ? undefined : blocksOf(files[path])),
    fileBlocks(path, failed) {
      if (files[path] === undefined) failed(2);
      return blocksOf(files[path] ?? []);
    },
    addressOfHost: async (name) => hosts.addresses.get(name),
    nameOfAddress: async (address) => hosts.names.get(address.join()),
    portOfService: (name, protocol) => database.ports.get(protocol)?.get(name),
    serviceOfPort: (port, protocol) => database.names.get(protocol)?.get(port),
    stderrIsTerminal: () => world.terminal ?? false,
    openScreen: () => world.openScreen?.(),
    stdoutWidth: () => world.width,
    stdoutHeight: () => world.height,
    now: world.now ?? (() => 0),
    runDirector: async (run) => world.runDirector?.(run) ?? { status: 0 },
    runWeb: async (run) => world.runWeb?.(run) ?? { status: 0 },
    askDirector: async (question) => world.askDirector?.(question) ?? { failure: 'ENOENT' },
    interruptible: (work) => work(async (milliseconds) => world.sleep?.(milliseconds)),
    openRing:
      world.openRing ??
      (() => {
        throw new OutputError(errno.EROFS);
      }),
    openNetlink:
      world.openNetlink ??
      (() => {
        throw new Error('this test has no such socket');
      }),
    networkNamespace: '1',
    writeKernelFile(path, text) {
      world.onKernelFile?.(path, text);
      files[path] = text;
    },
    loadKernelModule: () => 'no module in tests',
    hearMulticast: async (...group) => world.hearMulticast?.(...group) ?? [],
    runProgram: (...run) => world.runProgram?.(...run),
    runProgramAside: async (name, args) => world.runProgramAside?.(name, args),
    countLosses: (target) => {
      if (world.countLosses) return world.countLosses(target);
      throw new Error('this test has no client');
    },
    runPackets: (args) => world.runPackets?.(args),
    call: async (target) =>
      world.call?.(target) ?? {
        source: { port: target.localPort },
        answer: '',
        failure: 'ECONNREFUSED',
      },
    makeDirectory() {},
    makeLink(target, path) {
      files[path] = files[target];
      world.onReplace?.(path, [files[target] ?? ''].flat().join(''));
    },
    programPath: { program: '/opt/ipvsadm/bin/ipvsadm', searchPath: '/opt/node/bin:/bin' },
    removeFile(path) {
      delete files[path];
      world.onRemove?.(path);
    },
    lockTable: world.lockTable ?? (() => ({ kind: 'taken', release() {} })),
    async replaceFile(path, blocks) {
      const text = [...blocks].map(toText).join('');
      world.onReplace?.(path, text);
      files[path] = text;
    },
    fileMode: (path) =>
      files[path] !== undefined
        ? 0o100644
        : Object.keys(files).some((name) => name.startsWith(`${path}/`))
          ? 0o040755
          : undefined,
    followLinks: (path) => world.links?.[path] ?? path,
    fileIdentity: (path) => world.identities?.[path],
    runInNamespace: (path, args, capture) => world.runInNamespace?.(path, args, capture) ?? { errno: 1 },
    runInNewNamespace(args, input, refused) {
      if (!world.runInNewNamespace) refused('tests have none');
      const run = world.runInNewNamespace?.(args, toText(input));
      return typeof run === 'string' ? { status: 0, stdout: run, stderr: '' } : run;
    },
  });
  return { ...written, status };
}

const usualFiles: NonNullable<TestWorld['files']> = {
  '/proc/net/ip_vs_conn': 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n',
  '/proc/self/status': 'CapEff:\t000001ffffffffff\n',
};

/** Returns the bytes of a text in blocks. Overwrites each block when the next one is requested. */
function* blocksOf(text: string | readonly string[]): Generator<Uint8Array, void> {
  for (const part of [text].flat()) {
    const block = toBytes(part);
    if (block.length > 0) yield block;
    block.fill(0x23);
  }
}

/** Parses hosts(5) like glibc for IPv4: names of ::1 also resolve to 127.0.0.1. */
function parseHosts(text: string) {
  const addresses = new Map<string, Uint8Array>();
  const names = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [address, ...hostNames] = line.trim().split(/\s+/);
    const parsed = parseAddress(address ?? '');
    if (!parsed || hostNames.length === 0) continue;
    if (!names.has(parsed.join())) names.set(parsed.join(), hostNames[0]!);
    const ipv4 = address === '::1' ? Uint8Array.of(127, 0, 0, 1) : parsed;
    for (const name of hostNames) if (ipv4.length === 4 && !addresses.has(name)) addresses.set(name, ipv4);
  }
  return { addresses, names };
}
