/**
 * The recorded netlink messages of the C program: ours sends the same requests, gets the recorded
 * replies, and prints the same. The C program resolves the family before every message; the
 * recording omits that.
 */

import type { Transport } from '../../src/netlink/transport';
import { main } from '../../src/program/classic';
import { type ExchangeCase, type ExchangedMessage, readExchanges } from '../golden/cases';
import { expectedOf } from '../golden/exceptions';
import { shown } from '../golden/shown';
import { runIn } from '../helpers/test-system';

const FAMILY_ID = 0x1f;
const NLM_F_DUMP = 0x300;

test.each(readExchanges().map((recorded) => [recorded.argv.join(' '), recorded] as const))(
  '%s',
  async (_title, recorded) => {
    const script = new Script(recorded.exchange);
    const outcome = await runIn({ args: recorded.argv, openTransport: () => script }, main);
    const expected = expectedOf(
      'netlink-exchanges',
      { id: recorded.argv.join(' '), steps: [recorded] },
      recorded,
    );
    expect({ ...shown(recorded, outcome, expected), sent: script.sent }).toEqual({
      ...shown(recorded, expected, expected),
      sent: recorded.exchange.filter(({ dir }) => dir === '>').map(expectedRequest),
    });
  },
);

test('begins with GET_INFO, as every recorded command line does', () => {
  const first = readExchanges().map(({ exchange }: ExchangeCase) => exchange[0]!.payload);
  expect(new Set(first)).toEqual(new Set(['0f010000']));
});

interface Sent {
  readonly dump: boolean;
  readonly payload: string;
}

/** A socket that replies to each request with the replies recorded for it. */
class Script implements Transport {
  readonly sent: Sent[] = [];
  readonly #answers: ExchangedMessage[][] = [];
  #waiting: Buffer[] = [];

  constructor(exchange: readonly ExchangedMessage[]) {
    for (const message of exchange) {
      if (message.dir === '>') this.#answers.push([]);
      else this.#answers.at(-1)!.push(message);
    }
  }

  send(datagram: Uint8Array): void {
    const request = Buffer.from(datagram);
    const sequence = request.readUInt32LE(8);
    if (request.readUInt16LE(4) === 16) {
      // CTRL_ATTR_FAMILY_ID: the id of the family.
      this.#waiting = [message(16, 0, sequence, Buffer.from([1, 2, 0, 0, 6, 0, 1, 0, FAMILY_ID, 0, 0, 0]))];
      return;
    }
    const answers = this.#answers[this.sent.length] ?? [];
    this.sent.push({
      dump: (request.readUInt16LE(6) & NLM_F_DUMP) === NLM_F_DUMP,
      payload: request.toString('hex', 16, request.readUInt32LE(0)),
    });
    this.#waiting = answers.map(({ type, flags, payload }) =>
      message(types[type], flags, sequence, Buffer.from(payload, 'hex')),
    );
  }

  receive(): Uint8Array {
    const datagram = this.#waiting.shift();
    if (!datagram) throw new Error('nothing more was recorded');
    return datagram;
  }

  close(): void {}
}

const types = { IPVS: FAMILY_ID, ERROR: 2, DONE: 3 } as const;

function message(type: number, flags: number, sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + payload.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, payload]);
}

const SERVICE = 1;
const DESTINATION = 2;

/** IPVS_SVC_ATTR_AF, PROTOCOL, ADDR, PORT, FWMARK. */
const serviceIdentity = [1, 2, 3, 4, 5];
/** IPVS_DEST_ATTR_ADDR, PORT, ADDR_FAMILY. */
const destinationIdentity = [1, 2, 11];

/** Commands with all attributes of SERVICE: NEW_SERVICE, SET_SERVICE. */
const wholeService = [1, 2];
/** Commands with all attributes of DEST: NEW_DEST, SET_DEST. */
const wholeDestination = [5, 6];

/**
 * The message that ours is expected to send: the C program always sends all attributes of services
 * and servers, even if the kernel only reads those that identify them.
 */
function expectedRequest({ flags, payload }: ExchangedMessage): Sent {
  const bytes = Buffer.from(payload, 'hex');
  const command = bytes[0]!;
  const parts = attributesOf(bytes.subarray(4)).map(({ type, bytes: attribute }) => {
    if (type === SERVICE && !wholeService.includes(command)) return reduced(attribute, serviceIdentity);
    if (type === DESTINATION && !wholeDestination.includes(command))
      return reduced(attribute, destinationIdentity);
    return attribute;
  });
  return {
    dump: (flags & NLM_F_DUMP) === NLM_F_DUMP,
    payload: Buffer.concat([bytes.subarray(0, 4), ...parts]).toString('hex'),
  };
}

/** A nest with only the attributes in `kept`. */
function reduced(nest: Buffer, kept: readonly number[]): Buffer {
  const attributes = attributesOf(nest.subarray(4)).filter(({ type }) => kept.includes(type));
  const out = Buffer.concat([nest.subarray(0, 4), ...attributes.map(({ bytes }) => bytes)]);
  out.writeUInt16LE(out.length, 0);
  return out;
}

/** The attributes in order, each with its header and padding. */
function attributesOf(payload: Buffer): { type: number; bytes: Buffer }[] {
  const attributes: { type: number; bytes: Buffer }[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + ((payload.readUInt16LE(at) + 3) & ~3);
    attributes.push({ type: payload.readUInt16LE(at + 2) & 0x3fff, bytes: payload.subarray(at, end) });
    at = end;
  }
  return attributes;
}
