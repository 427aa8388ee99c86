/**
 * Fuzzes the native program with sanitizers: arguments, input, kernel replies, and calls into the C
 * module.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { buildNative, root } from '../../../scripts/native/build';
import { readExchanges } from '../../golden/cases';
import { commandLine } from '../../kernel/command-lines';

/** The exit status that a sanitizer sets. */
const ALARM = 99;
const statuses = [0, 1, 2, 141, 255];

export const sanitizerVariables = {
  ASAN_OPTIONS: `detect_leaks=0:exitcode=${ALARM}`,
  UBSAN_OPTIONS: `halt_on_error=1:print_stacktrace=1:exitcode=${ALARM}`,
};

const folder = join(root, 'node_modules/.cache/ipvsadm-test');
export const fuzzedProgram = join(folder, 'fuzz-program');
const calls = join(folder, 'fuzz-calls');

export async function buildFuzzed(): Promise<void> {
  await buildNative({ entry: 'test/native/fuzz/program.ts', executable: fuzzedProgram, sanitized: true });
  await buildNative({ entry: 'test/native/fuzz/calls.ts', executable: calls, sanitized: true });
}

interface Round {
  args: readonly string[];
  stdin: Buffer;
  /** Datagrams, each after its length. */
  answers: Buffer;
}

/**
 * Runs the program `rounds` times and returns how often each exit status occurred.
 * @throws with the round when a sanitizer or the program itself reports an internal error.
 */
export function fuzzProgram(rounds: number, seed: number): Record<number, number> {
  const counts: Record<number, number> = {};
  const scratch = mkdtempSync(join(tmpdir(), 'ipvsadm-fuzz-'));
  try {
    for (const round of fc.sample(anyRound, { seed, numRuns: rounds })) {
      const file = join(scratch, 'answers');
      writeFileSync(file, round.answers);
      const status = run(fuzzedProgram, round.args, round.stdin, { IPVSADM_ANSWERS: file });
      counts[status] = (counts[status] ?? 0) + 1;
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return counts;
}

/**
 * Calls functions of the C module `count` times with arbitrary values.
 * @throws when a sanitizer reports an error.
 */
export function fuzzCalls(count: number, seed: number): void {
  run(calls, [String(seed), String(count)], Buffer.alloc(0), {});
}

function run(
  executable: string,
  args: readonly string[],
  input: Buffer,
  variables: Record<string, string>,
): number {
  const { status, signal, stderr } = spawnSync(executable, args, {
    input,
    env: {
      ...process.env,
      ...variables,
      ...sanitizerVariables,
    },
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  const errors = stderr.toString('latin1');
  if (status !== null && statuses.includes(status) && !/Sanitizer|internal error/.test(errors)) return status;
  const shown = { args, stdin: input.toString('latin1'), status, signal, ...variables };
  throw new Error(`${JSON.stringify(shown)}\n${errors.slice(0, 4000)}`);
}

/* What the rounds are made of */

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

/** An argument of execve: any bytes except NUL. */
const oddArgument = anyBytes.map((bytes) => bytes.toString('latin1').replaceAll('\0', 'x'));

const args = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(['-Ln'], ['-L'], ['-Sn'], ['-S'], ['-Ln', '--stats'], ['-Ln', '--rate']),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(['-L', '--daemon'], ['-L', '--timeout'], ['-Lnc'], ['-Ln', '--thresholds']),
  },
  { weight: 3, arbitrary: fc.constant(['-R']) },
  { weight: 4, arbitrary: commandLine.map((line) => line.args) },
  { weight: 2, arbitrary: fc.array(oddArgument, { maxLength: 6 }) },
);

const ruleLines = fc
  .array(
    fc.oneof(
      commandLine.map((line) => line.args.join(' ')),
      oddArgument,
      fc.constantFrom('-A -t 192.0.2.1:80 -s rr', '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1', ''),
      fc.integer({ min: 1, max: 70_000 }).map((length) => `-A -t ${'9'.repeat(length)}`),
    ),
    { maxLength: 30 },
  )
  .map((lines) => Buffer.from(lines.join('\n'), 'latin1'));

/** The recorded replies to the C program, each list preceded by the reply to the family lookup. */
const recorded: readonly Buffer[][] = readExchanges().map(({ exchange }) => [
  message(16, 0, Buffer.from('0102000006000100' + '1f000000', 'hex')),
  ...exchange
    .filter(({ dir }) => dir === '<')
    .map(({ type, flags, payload }) => {
      const number = { IPVS: 31, ERROR: 2, DONE: 3 }[type];
      return message(
        number,
        flags,
        Buffer.concat([Buffer.from(payload, 'hex'), Buffer.alloc(type === 'IPVS' ? 0 : 16)]),
      );
    }),
]);

function message(type: number, flags: number, payload: Buffer): Buffer {
  const out = Buffer.concat([Buffer.alloc(16), payload]);
  out.writeUInt32LE(out.length, 0);
  out.writeUInt16LE(type, 4);
  out.writeUInt16LE(flags, 6);
  return out;
}

type Damage = readonly [datagram: number, place: number, value: number];

const damages = fc.array(
  fc.tuple(
    fc.nat({ max: 40 }),
    fc.nat({ max: 500 }),
    fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 4, 255)),
  ),
  { maxLength: 12 },
);

/**
 * Two lists of recorded replies, sometimes several in a datagram, with some bytes changed, and
 * sometimes cut short.
 */
const answers = fc
  .tuple(
    fc.constantFrom(...recorded),
    fc.constantFrom(...recorded),
    fc.integer({ min: 1, max: 4 }),
    damages,
    fc.option(fc.nat({ max: 400 })),
  )
  .map(([first, second, together, damage, cut]) => {
    const messages = [...first, ...second.slice(1)];
    const datagrams = messages.flatMap((_, index) =>
      index % together === 0 ? [Buffer.concat(messages.slice(index, index + together))] : [],
    );
    for (const each of damage) apply(datagrams, each);
    if (cut !== null) {
      const last = datagrams.length - 1;
      datagrams[last] = datagrams[last]!.subarray(0, cut);
    }
    return Buffer.concat(datagrams.flatMap((datagram) => [lengthOf(datagram), datagram]));
  });

function apply(datagrams: readonly Buffer[], [datagram, place, value]: Damage): void {
  const bytes = datagrams[datagram % datagrams.length]!;
  bytes[place % bytes.length] = value;
}

function lengthOf(datagram: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(datagram.length);
  return length;
}

const anyRound: fc.Arbitrary<Round> = fc.record({ args, stdin: fc.oneof(ruleLines, anyBytes), answers });
