/**
 * Runs cases twice: with what this engine does itself for many lines (`System.bulkLines`), and
 * without, that is in TypeScript. Standard input has a case on each line, in JSON. Prints the number
 * of bytes that the engine took, or the first case with different results.
 */
import { toBytes, toHex, toText } from '../../../src/bytes/byte-text';
import { quickjsSystem } from '../../../src/engines/quickjs/system';
import type { BulkLines } from '../../../src/platform/bulk-lines';
import type { System } from '../../../src/platform/system';
import { program } from '../../../src/program/program';
import { FakeKernel } from '../../helpers/fake-kernel';

export interface Case {
  readonly args: readonly string[];
  /** What is read from standard input, or the kernel's file of connections: block by block. */
  readonly blocks: readonly string[];
}

const system = quickjsSystem();
let taken = 0;

/** Counts what is taken, from the first word of each cursor. */
const counting: BulkLines = {
  takeRules: (block, templates, messages, cursor) =>
    count(cursor, () => system.bulkLines!.takeRules(block, templates, messages, cursor)),
  takeConnections: (block, output, cursor) =>
    count(cursor, () => system.bulkLines!.takeConnections(block, output, cursor)),
};

function count(cursor: Uint32Array, take: () => void): void {
  taken -= cursor[0]!;
  take();
  taken += cursor[0]!;
}

/** Everything that a case does: what it sends and prints, in order, and its exit status. */
async function run({ args, blocks }: Case, bulkLines: BulkLines | undefined): Promise<string> {
  const done: string[] = [];
  const transport = new FakeKernel().open();
  const input = blocks.map(toBytes);
  const world: System = {
    ...system,
    programName: 'ipvsadm',
    args,
    openTransport: () => ({
      ...transport,
      send(datagram) {
        done.push(`sent ${toHex(datagram)}`);
        transport.send(datagram);
      },
    }),
    write: (stream, bytes) => void done.push(`${stream} ${toText(bytes)}`),
    readInput: () => input.shift() ?? new Uint8Array(0),
    readBlocks: () => input,
    addressOfHost: async () => undefined,
    portOfService: () => undefined,
    loadModule: () => undefined,
  };
  const status = await program(bulkLines ? { ...world, bulkLines } : withoutBulk(world), async () => 0);
  return `${joined(done)}\nstatus ${status}`;
}

function withoutBulk({ bulkLines: _, ...rest }: System): System {
  return rest;
}

/** Standard output in one piece, as the size of the pieces may differ. */
function joined(done: readonly string[]): string {
  const printed = done.filter((entry) => entry.startsWith('stdout ')).map((entry) => entry.slice(7));
  return [...done.filter((entry) => !entry.startsWith('stdout ')), printed.join('')].join('\n');
}

function readCases(): Case[] {
  let text = '';
  for (let block = system.readInput(); block.length > 0; block = system.readInput()) text += toText(block);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
}

async function compare(): Promise<boolean> {
  for (const each of readCases()) {
    const [fast, plain] = [await run(each, counting), await run(each, undefined)];
    if (fast === plain) continue;
    print(JSON.stringify({ each, fast, plain }));
    return false;
  }
  print(String(taken));
  return true;
}

function print(text: string): void {
  system.write('stdout', toBytes(`${text}\n`));
}

compare().then(
  (equal) => native.exit(equal ? 0 : 1),
  (error: Error) => {
    print(`${error}\n${error.stack ?? ''}`);
    native.exit(1);
  },
);
