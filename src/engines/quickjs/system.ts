/** The System of QuickJS, by the functions of bindings.c. */

import { toBytes, toText } from '../../bytes/byte-text';
import { protocols } from '../../model/virtual-service';
import type { BulkLines } from '../../platform/bulk-lines';
import type { BulkRows } from '../../platform/bulk-rows';
import { nameOfScript } from '../../platform/script-name';
import { InputError, OutputError, type System } from '../../platform/system';
import { hasNodeProgram, isStartedByLauncher } from './places';
import { openQuickjsTransport } from './transport';

const BLOCK = 64 * 1024;
const HELP_NOTE = `This is the native program. Subcommands need ipvsadm for Node and Node.js 20 or later;
everything above works without them.
`;

const descriptors = { stdout: 1, stderr: 2 } as const;

export function quickjsSystem(): System {
  const [name = 'ipvsadm', ...args] = native.arguments();
  let input: Uint8Array | undefined;
  return {
    programName: calledName(name),
    args,
    bulkLines,
    bulkRows,
    get helpNote() {
      return hasNodeProgram() ? undefined : HELP_NOTE;
    },
    environment: (name) => native.environment(name),
    openTransport: openQuickjsTransport,
    loadModule: () => native.loadModule(),
    write(stream, bytes) {
      const result = native.write(descriptors[stream], bytes);
      if (result < 0) throw new OutputError(-result);
    },
    stdoutIsTerminal: () => native.isTerminal(descriptors.stdout),
    stderrIsTerminal: () => native.isTerminal(descriptors.stderr),
    readInput() {
      input ??= new Uint8Array(native.memory(BLOCK));
      const length = native.read(0, input);
      if (length < 0) throw new InputError(-length);
      return input.subarray(0, length);
    },
    readFile(path) {
      const blocks = openBlocks(path);
      if (!blocks) return undefined;
      let text = '';
      for (const block of blocks) text += toText(block);
      return text;
    },
    readBlocks: openBlocks,
    readDirectory: (path) => native.directory(path) ?? [],
    enterNamespace(path) {
      const result = native.enterNamespace(path);
      return result < 0 ? { errno: -result } : undefined;
    },
    async addressOfHost(name) {
      const address = native.addressOfHost(name);
      return address === undefined ? undefined : toBytes(address);
    },
    nameOfAddress: async (address) => native.nameOfAddress(address),
    portOfService: (name, protocol) => native.portOfService(name, protocolName(protocol)),
    serviceOfPort: (port, protocol) => native.serviceOfPort(port, protocolName(protocol)),
  };
}

const bulkRows: BulkRows = {
  copy: (datagram, at, sequence, { length, address, headers, steps }, rows, row) =>
    native.copyRows(datagram, at, sequence, length, address, headers, steps, rows, row),
  order: (rows, numbers, by) => native.orderRows(rows, numbers, by === 'document'),
  write: ({ steps, end, texts }, rows, order, bytes, cursor) =>
    native.writeLines(steps, end, texts, rows, order, bytes, cursor),
};

const bulkLines: BulkLines = {
  takeRules(block, { server, service, scheduler }, { words, starts, kinds }, cursor) {
    native.takeRules(block, server, service, scheduler, words, starts, kinds, cursor);
  },
  takeConnections: (block, output, cursor) => native.takeConnections(block, output, cursor),
};

/** The name by which the user called the program, or the launcher that started it. */
function calledName(name: string): string {
  const launcher = isStartedByLauncher(name) ? native.environment('IPVSADM_PROGRAM') : undefined;
  return launcher === undefined ? name : nameOfScript(launcher, native.environment('PATH') ?? '');
}

function protocolName(number: number): string {
  return Object.entries(protocols).find(([, value]) => value === number)?.[0] ?? String(number);
}

/** The next bytes of a descriptor; none at its end or after a failed read. */
function readBlock(descriptor: number, buffer: Uint8Array): Uint8Array {
  return buffer.subarray(0, Math.max(0, native.read(descriptor, buffer)));
}

function openBlocks(path: string): Iterable<Uint8Array> | undefined {
  const descriptor = native.open(path);
  return descriptor < 0 ? undefined : fileBlocks(descriptor);
}

function* fileBlocks(descriptor: number): Generator<Uint8Array, void> {
  const buffer = new Uint8Array(native.memory(BLOCK));
  try {
    for (let block = readBlock(descriptor, buffer); block.length > 0; block = readBlock(descriptor, buffer)) {
      yield block;
    }
  } finally {
    native.close(descriptor);
  }
}
