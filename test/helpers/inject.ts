/**
 * Alters kernel replies by the rules in test/golden/data/output-injected.json. Rules are separated
 * by ';': `svc|dest|daemon|info|conf INDEX|* PATH TYPE VALUE` overwrites an attribute (TYPE `del`
 * makes it unknown), `flag COMMAND BITS` sets message flags in replies of that genl command, and
 * `err COMMAND ERRNO` replaces the reply to that request by an error.
 */
import { aligned } from '../../src/netlink/attribute';
import { decodeMessages, NLMSG_ERROR } from '../../src/netlink/message';
import type { Transport } from '../../src/netlink/transport';

/**
 * The reply that the first word of a rule refers to: its genl command, and the outer nested
 * attribute.
 */
const targets: Readonly<Record<string, { command: number; nest?: number }>> = {
  svc: { command: 1, nest: 1 },
  dest: { command: 5, nest: 2 },
  daemon: { command: 9, nest: 3 },
  info: { command: 14 },
  conf: { command: 12 },
};

/** Messages of the family lookup are not altered. */
const GENL_ID_CTRL = 16;

const UNKNOWN_ATTRIBUTE = 0x3f00;

/** Returns `transport` with the rules applied to the datagrams that it receives. */
export function injecting(transport: Transport, text: string): Transport {
  const rules = text.split(';').map((rule) => rule.trim().split(/\s+/));
  let request = 0;
  let sequence = 0;
  let seen = 0;
  return {
    send(datagram) {
      const message = decodeMessages(datagram).at(-1)!;
      request = message.type === GENL_ID_CTRL ? 0 : message.payload[0]!;
      sequence = message.sequence;
      seen = 0;
      transport.send(datagram);
    },
    receive() {
      const datagram = transport.receive().slice();
      const failing = rules.find(([word, command]) => word === 'err' && Number(command) === request);
      if (failing) return errorMessage(sequence, Number(failing[2]));
      let at = 0;
      for (const message of decodeMessages(datagram)) {
        if (message.type > GENL_ID_CTRL) {
          for (const rule of rules) apply(rule, datagram, at, message.payload[0]!, seen);
          seen += 1;
        }
        at += aligned(16 + message.payload.length);
      }
      return datagram;
    },
    close: () => transport.close(),
  };
}

function apply(
  rule: readonly string[],
  datagram: Uint8Array,
  at: number,
  command: number,
  index: number,
): void {
  const [word, first, path, type, value] = rule as [string, string, string, string, string];
  if (word === 'flag') {
    const view = viewOf(datagram);
    if (Number(first) === command) view.setUint16(at + 6, view.getUint16(at + 6, true) | Number(path), true);
    return;
  }
  const target = targets[word];
  if (target?.command !== command || (first !== '*' && Number(first) !== index)) return;
  const numbers = path.split('.').map(Number);
  const fullPath = target.nest === undefined ? numbers : [target.nest, ...numbers];
  const attribute = findAttribute(datagram, at + 20, at + viewOf(datagram).getUint32(at, true), fullPath);
  if (attribute !== undefined) overwrite(datagram, attribute, type, value);
}

/** Returns the offset of the header of the attribute at `path`, between `from` and `to`. */
function findAttribute(
  datagram: Uint8Array,
  from: number,
  to: number,
  path: readonly number[],
): number | undefined {
  const view = viewOf(datagram);
  for (let at = from; at + 4 <= to; at += aligned(view.getUint16(at, true))) {
    if ((view.getUint16(at + 2, true) & 0x3fff) !== path[0]) continue;
    const rest = path.slice(1);
    return rest.length === 0 ? at : findAttribute(datagram, at + 4, at + view.getUint16(at, true), rest);
  }
  return undefined;
}

function overwrite(datagram: Uint8Array, at: number, type: string, value: string): void {
  const view = viewOf(datagram);
  switch (type) {
    case 'del':
      view.setUint16(at + 2, UNKNOWN_ATTRIBUTE, true);
      return;
    case 'u8':
      view.setUint8(at + 4, Number(value));
      return;
    case 'u16':
      view.setUint16(at + 4, Number(value), true);
      return;
    case 'u32':
      view.setUint32(at + 4, Number(value), true);
      return;
    case 'u64':
      view.setBigUint64(at + 4, BigInt(value), true);
      return;
    default:
      throw new Error(`unknown type in a rule: ${type}`);
  }
}

function errorMessage(sequence: number, code: number): Uint8Array {
  const out = new Uint8Array(20);
  const view = viewOf(out);
  view.setUint32(0, 20, true);
  view.setUint16(4, NLMSG_ERROR, true);
  view.setUint32(8, sequence, true);
  view.setInt32(16, -code, true);
  return out;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
