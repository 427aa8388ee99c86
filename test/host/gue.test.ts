/** The bytes are made by hand from uapi/linux/fou.h and genetlink.h. */
import { guePorts } from '../../src/host/gue';
import { NetlinkError } from '../../src/netlink/errors';
import { ScriptedTransport } from '../helpers/scripted-transport';

/** The family fou has the id 0x21 here. */
const family = '24000000 1000 0000 01000000 00000000  01 02 0000  0600 0100 2100 0000  0800 0200 666f7500';
const ack = (sequence: string) => `24000000 0200 0001 ${sequence}000000 00000000 00000000 ${'00'.repeat(16)}`;
const port = (number: string, of: string, type: string) =>
  `2c000000 2100 0200 02000000 00000000  03 01 0000
   0600 0100 ${number} 0000  0500 0200 ${of} 000000  0500 0400 ${type} 000000`;
const done = '14000000 0300 0200 02000000 00000000 00000000';

function portsOf(...datagrams: string[]) {
  const transport = new ScriptedTransport(datagrams);
  return { ports: guePorts(transport), transport };
}

test('the ports of one family that carry GUE', () => {
  const datagrams = [
    family,
    port('17c0', '02', '02'),
    port('17c1', '0a', '02'),
    port('17c2', '02', '01'),
    done,
  ];
  expect(portsOf(...datagrams).ports.list(false)).toEqual([6080]);
  expect(portsOf(...datagrams).ports.list(true)).toEqual([6081]);
});

test('a port is added: number in network order, family, GUE; and deleted', () => {
  const { ports, transport } = portsOf(family, ack('02'), ack('03'));
  ports.add(6080, false);
  ports.delete(6080, true);
  const digits = (text: string) => text.replace(/\s+/g, '');
  expect(transport.sent.slice(1)).toEqual([
    digits(`2c000000 2100 0500 02000000 00000000  01 01 0000
            0600 0100 17c0 0000  0500 0200 02 000000  0500 0400 02 000000`),
    digits(`24000000 2100 0500 03000000 00000000  02 01 0000
            0600 0100 17c0 0000  0500 0200 0a 000000`),
  ]);
});

test('without the module the family is not there', () => {
  const { ports } = portsOf(`24000000 0200 0000 01000000 00000000 feffffff ${'00'.repeat(16)}`);
  expect(() => ports.list(false)).toThrow(NetlinkError);
});
