/**
 * The native program with kernel replies from the file IPVSADM_ANSWERS: datagrams, each after its
 * length (4 bytes, little endian). Sequence numbers are replaced by that of the last request. No
 * name servers are used.
 */
import { startProcess } from '../../../src/engines/quickjs/start';
import { quickjsSystem } from '../../../src/engines/quickjs/system';
import { TransportError } from '../../../src/netlink/errors';

const EAGAIN = 11;

const system = quickjsSystem();
const answers = native.open(system.environment('IPVSADM_ANSWERS')!);
const length = new Uint8Array(4);

startProcess({
  ...system,
  loadModule: () => undefined,
  addressOfHost: async (name) => (name === 'localhost' ? system.addressOfHost(name) : undefined),
  nameOfAddress: async (address) => (address[0] === 127 ? system.nameOfAddress(address) : undefined),
  openTransport() {
    let sequence = new Uint8Array(4);
    return {
      send(datagram) {
        sequence = datagram.slice(8, 12);
      },
      receive() {
        if (native.read(answers, length) !== 4) throw new TransportError('no more replies', EAGAIN);
        const datagram = new Uint8Array(new DataView(length.buffer).getUint32(0, true));
        native.read(answers, datagram);
        for (const at of messagesOf(datagram)) datagram.set(sequence, at + 8);
        return datagram;
      },
      close() {},
    };
  },
});

/** Where the messages of a datagram begin, as far as their lengths are possible. */
function messagesOf(datagram: Uint8Array): number[] {
  const view = new DataView(datagram.buffer);
  const places: number[] = [];
  for (let at = 0; at + 12 <= datagram.length; at += ((view.getUint32(at, true) + 3) & ~3) >>> 0) {
    places.push(at);
    if (view.getUint32(at, true) < 16) break;
  }
  return places;
}
