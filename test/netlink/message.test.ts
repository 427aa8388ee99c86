import { MessageError } from '../../src/netlink/errors';
import { decodeMessages, encodeGenlMessage, messageErrno } from '../../src/netlink/message';
import { hex, toHex } from '../helpers/hex';

describe('a generic netlink message is written', () => {
  test.each([
    [
      'with its headers and attributes',
      { id: 0x1f, version: 1 },
      4,
      0x301,
      7,
      '0600 0100 0200 0000',
      '1c000000 1f00 0103 07000000 00000000 04 01 0000 0600 0100 0200 0000',
    ],
    [
      'without attributes',
      { id: 16, version: 2 },
      3,
      1,
      1,
      '',
      '14000000 1000 0100 01000000 00000000 03 02 0000',
    ],
  ] as const)('%s', (_name, family, command, flags, sequence, attributes, expected) => {
    const message = encodeGenlMessage(family, { command, attributes: hex(attributes) }, flags, sequence);
    expect(toHex(message)).toBe(toHex(hex(expected)));
  });
});

test('reads the messages of a datagram and skips the padding between them', () => {
  const datagram = hex(
    '11000000 1f00 0200 05000000 2a000000 ff 000000 14000000 0300 0200 05000000 2a000000 00000000',
  );
  expect(
    decodeMessages(datagram).map((message) => ({ ...message, payload: toHex(message.payload) })),
  ).toEqual([
    { type: 0x1f, flags: 2, sequence: 5, payload: 'ff' },
    { type: 3, flags: 2, sequence: 5, payload: '00000000' },
  ]);
});

test('reads nothing from an empty datagram', () => {
  expect(decodeMessages(hex(''))).toEqual([]);
});

describe('a datagram is refused', () => {
  test.each([
    ['with a length below the header', '0f000000 1f00 0200 05000000 00000000'],
    ['with a length past its end', '15000000 1f00 0200 05000000 00000000 04010000'],
  ])('%s', (_name, datagram) => {
    expect(() => decodeMessages(hex(datagram))).toThrow(MessageError);
  });
});

describe('the errno of an error or done message', () => {
  test.each([
    ['is positive', 'efffffff 14000000', 17],
    ['is 0 for an ack', '00000000', 0],
    ['is 0 where there is none', '', 0],
  ] as const)('%s', (_name, payload, expected) => {
    expect(messageErrno(hex(payload))).toBe(expected);
  });
});
