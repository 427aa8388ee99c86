/** The recordings of the C program under data/: how they are read. They are never refreshed from our output. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Step {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv0?: string;
  readonly inject?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status?: number;
  readonly signal?: number;
}

export interface Case {
  readonly id: string;
  readonly steps: readonly Step[];
  /** Text of /proc/net/ip_vs_conn; null: the file is missing. */
  readonly conn_file?: string | null;
  readonly undefined_behaviour?: boolean;
}

export interface Recording {
  readonly hosts_file?: string;
  readonly cases: readonly Case[];
}

/** The recordings that hold command lines to repeat. */
export const recordings = [
  'cli-syntax',
  'cli-matrix',
  'cli-values',
  'semantics',
  'restore',
  'output-injected',
  'connections-text',
] as const;
export type RecordingName = (typeof recordings)[number];

/** @throws when the recording is missing or holds no case. */
export function readRecording(name: string): Recording {
  const recording = JSON.parse(readFileSync(join(__dirname, 'data', `${name}.json`), 'utf8')) as Recording;
  if (recording.cases.length === 0) throw new Error(`${name} holds no cases`);
  return recording;
}

/** A recorded argument with one character a byte: lone surrogates U+DC80..U+DCFF stand for the bytes 80..FF. */
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

/** What is compared: `size=` is the kernel's, and differs between kernels. */
export function comparable(text: string): string {
  return text.replace(/\(size=[0-9]+\)/g, '(size=N)').replace(/lib\/modules\/\S+/, 'lib/modules/KERNEL');
}

/**
 * The timeouts that a case found in the kernel, where it shows that a refused --set left them alone: they come
 * from a command line that the recordings do not hold.
 */
export function timeoutsBefore(entry: Case): Record<string, number> | undefined {
  const [set, list] = entry.steps;
  if (set?.argv[0] !== '--set' || set.status === 0 || list?.argv[1] !== '--timeout') return undefined;
  const [timeoutTcp, timeoutTcpFin, timeoutUdp] = list.stdout.match(/[0-9]+/g)!.map(Number) as [
    number,
    number,
    number,
  ];
  return { timeoutTcp, timeoutTcpFin, timeoutUdp };
}
