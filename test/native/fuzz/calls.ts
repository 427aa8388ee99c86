/**
 * `calls SEED COUNT` calls the functions of the C module with values of every type, and those for rows
 * also with arrays of any content. They may throw; the sanitizers detect anything worse. Functions
 * that would end this process or start another are not called.
 */
import type { Native } from '../../../src/engines/quickjs/native';

/** A request that is harmless on any kernel: CTRL_CMD_GETFAMILY for the family IPVS. */
const familyRequest = Uint8Array.of(
  ...[32, 0, 0, 0, 16, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  ...[3, 1, 0, 0, 9, 0, 2, 0, 73, 80, 86, 83, 0, 0, 0, 0],
);

const throwing = {
  valueOf(): number {
    throw new Error('no value');
  },
  toString(): string {
    throw new Error('no text');
  },
};

const values: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    0,
    1,
    2,
    -1,
    3,
    4,
    5,
    6,
    80,
    65536,
    2 ** 31,
    -(2 ** 31),
    2 ** 40,
    Number.NaN,
    1.5,
  ],
  ...[
    '',
    'tcp',
    'udp',
    'http',
    '127.0.0.1',
    'localhost',
    '/dev/null',
    '/proc/self/status',
    '/nonexistent',
    'HOME',
  ],
  ...['\0', 'a\0b', '\xff\xfe', '\u20ac', '\u{1f600}', '\ud800', 'a'.repeat(300), '\xe9'.repeat(5000)],
  ...[1n, 2n ** 70n, Symbol('s'), throwing, {}, [], [127, 0, 0, 1], () => 1],
  ...[
    new Uint8Array(0),
    new Uint8Array(1),
    new Uint8Array(70_000),
    familyRequest,
    familyRequest.subarray(3, 9),
  ],
  ...[
    Uint8Array.of(127, 0, 0, 1),
    new Uint8Array(16),
    new Int32Array(4),
    new Uint32Array(80),
    new Float64Array(2),
    new ArrayBuffer(8),
  ],
  ...[new DataView(new ArrayBuffer(8)), Object.create(Uint8Array.prototype), new Uint8ClampedArray(9)],
];

/** Blocks, templates, messages and cursors: some with sensible words, some with wild ones. */
const lines = Uint8Array.from(
  '-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n'.repeat(9) +
    'TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT       119\n'.repeat(9),
  (character) => character.charCodeAt(0),
);
const words = (length: number, limit: number) => {
  const filled = new Uint32Array(length);
  return () => filled.map(() => (randomBelow(20) === 0 ? randomBelow(2 ** 32) : randomBelow(limit)));
};
const [template, cursor, twoWords] = [words(45, 30), words(5, 70), words(2, 500)];
const blockFrom = (at: number) => lines.subarray(at);
const sensible: Partial<Record<keyof Native, () => unknown[]>> = {
  takeRules: () => [
    blockFrom([0, 25, randomBelow(600)][randomBelow(3)]!),
    ...[template(), template(), Uint8Array.of(114, 114)],
    ...[new Int32Array(randomBelow(700)), new Uint32Array(randomBelow(20)), new Uint8Array(randomBelow(20))],
    randomBelow(4) === 0 ? cursor() : Uint32Array.of(0, randomBelow(70), randomBelow(3), 1, 30),
  ],
  takeConnections: () => [
    blockFrom([594, 0, randomBelow(1200)][randomBelow(3)]!),
    new Uint8Array(randomBelow(2000)),
    twoWords(),
  ],
};

const harmless: readonly (keyof Native)[] = [
  ...(['arguments', 'environment', 'executable', 'open', 'close', 'read', 'write', 'isTerminal'] as const),
  ...(['openNetlink', 'receiveBuffer', 'send', 'receive', 'addressOfHost'] as const),
  ...(['nameOfAddress', 'portOfService', 'serviceOfPort'] as const),
  ...(['copyRows', 'orderRows', 'writeLines'] as const),
  ...(['nameOfAddress', 'portOfService', 'serviceOfPort', 'memory', 'part'] as const),
  ...(['takeRules', 'takeConnections', 'takeRules', 'takeConnections'] as const),
];

/** The files that may be closed, read and written; a socket could block forever. */
const files = new Set<unknown>();

function isStandardInput(value: unknown): boolean {
  return ['string', 'undefined', 'bigint', 'symbol'].includes(typeof value);
}

/** Marsaglia's xorshift, 32 bits. */
function randomBelow(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

/** Numbers that are places, lengths, columns and operations, or far from them. */
function anyNumber(): number {
  const limit = [8, 40, 300, 2 ** 31][randomBelow(4)]!;
  return randomBelow(limit) - (randomBelow(8) === 0 ? 2 : 0);
}

/** Arrays of which some share their memory. */
const memory = Array.from({ length: 3 }, () => new ArrayBuffer(4096));

function anyWords(): Int32Array {
  const length = [0, 1, 4, 5, 37, 40, 80, 200][randomBelow(8)]!;
  const words = new Int32Array(memory[randomBelow(memory.length)]!, 4 * randomBelow(20), length);
  for (let index = 0; index < length; index++) words[index] = anyNumber();
  return words;
}

function anyBytes(): Uint8Array {
  const words = anyWords();
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** The functions for rows, with arguments of the right types and any content. */
const rowCalls: readonly (() => unknown)[] = [
  () =>
    native.writeLines(
      anyWords(),
      anyNumber(),
      anyBytes(),
      anyWords(),
      anyNumbers(),
      anyBytes(),
      anyNumbers(),
    ),
  () => native.orderRows(anyWords(), anyNumbers(), randomBelow(2) === 0),
  () => {
    // A message of the right size and number, so that the layout is looked at.
    const length = 4 * randomBelow(12);
    const datagram = anyBytes();
    const words = new Int32Array(datagram.buffer, datagram.byteOffset, datagram.length >> 2);
    for (let at = 0; at + 4 < words.length; at += (20 + length) >> 2) words.set([20 + length, 31, 7], at);
    const layout = [length, anyNumber(), anyWords(), anyWords()] as const;
    return native.copyRows(
      datagram,
      randomBelow(3) === 0 ? anyNumber() : 0,
      7,
      ...layout,
      anyWords(),
      anyNumber(),
    );
  },
];

function anyNumbers(): Uint32Array {
  const words = anyWords();
  return new Uint32Array(words.buffer, words.byteOffset, words.length);
}

function anyValue(): unknown {
  return values[randomBelow(values.length)];
}

const [, seed, count] = native.arguments();
let state = Number(seed) | 1;
let refused = 0;
for (let call = 0; call < Number(count) / 10; call++) {
  try {
    rowCalls[randomBelow(rowCalls.length)]!();
  } catch {
    refused += 1;
  }
}
for (let call = 0; call < Number(count); call++) {
  const name = harmless[randomBelow(harmless.length)]!;
  const args = sensible[name]?.() ?? Array.from({ length: randomBelow(4) }, anyValue);
  if (sensible[name] && randomBelow(2) === 0) args[randomBelow(args.length)] = anyValue();
  if (name === 'close' && !files.has(args[0])) continue;
  if (name === 'read' && !files.has(args[0]) && !isStandardInput(args[0])) continue;
  if (name === 'write' && !files.has(args[0]) && args[0] !== 2 && args[0] !== -1) continue;
  try {
    const result = (native[name] as (...all: unknown[]) => unknown)(...args);
    if (name === 'open') files.add(result);
    if (name === 'close') files.delete(args[0]);
  } catch {
    refused += 1;
  }
}
native.write(
  2,
  Uint8Array.from(`calls refused: ${refused}\n`, (character) => character.charCodeAt(0)),
);
native.exit(refused > 0 ? 0 : 1);
