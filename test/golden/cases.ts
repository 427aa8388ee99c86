/** Reads the recordings of the C program in data/ (see README.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command line with the recorded result of the C program. */
export interface Step {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv0?: string;
  /** The rules by which kernel replies were altered: helpers/inject.ts. */
  readonly inject?: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Absent when a signal ended the program. */
  readonly status?: number;
  readonly signal?: number;
}

/** A sequence of command lines, starting with an empty table. */
export interface Case {
  readonly id: string;
  readonly steps: readonly Step[];
  /** Text of /proc/net/ip_vs_conn; null: the file is missing. */
  readonly conn_file?: string | null;
}

export interface Recording {
  readonly hosts_file?: string;
  readonly cases: readonly Case[];
}

/** The recordings whose command lines can be repeated unchanged (golden.test.ts). */
export const recordings = [
  'cli-syntax',
  'cli-matrix',
  'cli-values',
  'semantics',
  'restore',
  'output-injected',
  'connections-text',
] as const;

/** Recordings of live tables (live.test.ts). */
export const liveRecordings = ['live-7.2.7', 'live-7.2.7-b', 'live-6.1.0'] as const;
export type LiveRecordingName = (typeof liveRecordings)[number];

export const allRecordings = [...recordings, ...liveRecordings, 'sort', 'netlink-exchanges'] as const;
export type RecordingName = (typeof allRecordings)[number];

/** An entry of a live recording: a command line, or the contents of a kernel file at that time. */
export type LiveEntry = Step | { readonly file: string; readonly content: string };

/** A table listed in dump order and sorted. */
export interface SortCase {
  readonly nosort_stdout: string;
  readonly sorted_stdout: string;
}

/** A command line with the netlink messages that it sent and received. */
export interface ExchangeCase extends Step {
  readonly exchange: readonly ExchangedMessage[];
}

export interface ExchangedMessage {
  readonly dir: '>' | '<';
  readonly type: 'IPVS' | 'ERROR' | 'DONE';
  readonly flags: number;
  /** The bytes after the nlmsghdr in hexadecimal; for ERROR only the code. */
  readonly payload: string;
}

/** Returns a recording as cases, whatever the format of its file. */
export function readRecording(name: RecordingName): Recording {
  const recording = readCases(name);
  if (recording.cases.length === 0) throw new Error(`${name} has no cases`);
  return recording;
}

function readCases(name: RecordingName): Recording {
  switch (name) {
    case 'sort':
      return { cases: readSortCases().map((entry, index) => sortCase(entry, index)) };
    case 'netlink-exchanges':
      return { cases: readExchanges().map((step) => ({ id: step.argv.join(' '), steps: [step] })) };
    case 'live-7.2.7':
    case 'live-7.2.7-b':
    case 'live-6.1.0':
      return {
        cases: [{ id: 'live table', steps: readLive(name).filter((entry) => 'argv' in entry) as Step[] }],
      };
    default:
      return readData(name) as Recording;
  }
}

export function readSortCases(): readonly SortCase[] {
  return (readData('sort') as { cases: SortCase[] }).cases;
}

/** Returns a sort case as two command lines. */
export function sortCase({ nosort_stdout, sorted_stdout }: SortCase, index: number): Case {
  return {
    id: `table ${index}`,
    steps: [
      { argv: ['-L', '-n', '--nosort'], stdout: nosort_stdout, stderr: '', status: 0 },
      { argv: ['-L', '-n'], stdout: sorted_stdout, stderr: '', status: 0 },
    ],
  };
}

export function readExchanges(): readonly ExchangeCase[] {
  return (readData('netlink-exchanges') as { cases: ExchangeCase[] }).cases;
}

export function readLive(name: LiveRecordingName): readonly LiveEntry[] {
  return (readData(name) as { steps: LiveEntry[] }).steps;
}

function readData(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, 'data', `${name}.json`), 'utf8'));
}

/**
 * Converts an argument to one character a byte. Lone surrogates U+DC80..U+DCFF represent the bytes
 * 80..FF.
 */
export function toByteText(argument: string): string {
  let text = '';
  for (const character of argument) {
    const code = character.codePointAt(0)!;
    text +=
      code >= 0xdc80 && code <= 0xdcff
        ? String.fromCharCode(code - 0xdc00)
        : Buffer.from(character, 'utf8').toString('latin1');
  }
  return text;
}

/** Masks what depends on the kernel: `size=`, and the release in modprobe's message. */
export function comparable(text: string): string {
  return text.replace(/\(size=-?[0-9]+\)/g, '(size=N)').replace(/lib\/modules\/\S+/, 'lib/modules/KERNEL');
}

/**
 * Returns the timeouts before a case that shows that a refused --set leaves them unchanged. They
 * were set by a command line that is not in the recordings.
 */
export function timeoutsBefore(entry: Case): Record<string, number> | undefined {
  const [set, list] = entry.steps;
  if (set?.argv[0] !== '--set' || set.status === 0 || list?.argv[1] !== '--timeout') return undefined;
  const [timeoutTcp, timeoutTcpFin, timeoutUdp] = list.stdout.match(/[0-9]+/g)!.map(Number);
  return { timeoutTcp: timeoutTcp!, timeoutTcpFin: timeoutTcpFin!, timeoutUdp: timeoutUdp! };
}

/**
 * Whether the rules refer to a service by its position in a dump, which depends on the kernel's
 * hash table.
 */
export function dependsOnDumpOrder({ inject = '' }: Step): boolean {
  return /(^|;)svc [0-9]/.test(inject);
}
