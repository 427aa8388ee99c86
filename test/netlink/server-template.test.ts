import fc from 'fast-check';
import { ChangeBatch } from '../../src/netlink/change-batch';
import { GenlConnection } from '../../src/netlink/genl';
import { addServer, serverTemplate, toChange } from '../../src/netlink/server-template';
import { ScriptedTransport } from '../helpers/scripted-transport';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const scanned = fc.record({
  protocol: fc.constantFrom(6, 17),
  serviceAddress: u32,
  servicePort: fc.nat(65535),
  serverAddress: u32,
  serverPort: fc.nat(65535),
  forwarding: fc.constantFrom(0, 3),
  weight: fc.nat(999_999_999),
});

/** NLMSG_ERROR with code 0 for the request of that number, at most 255. */
const ack = (sequence: number) =>
  `24000000 0200 0001 ${sequence.toString(16).padStart(2, '0')}000000 00000000 00000000 ${'00'.repeat(16)}`;

/** The datagram that a batch makes of changes. */
function sentBy(count: number, fill: (batch: ChangeBatch) => void): string[] {
  const transport = new ScriptedTransport([ack(count)]);
  const batch = new ChangeBatch(new GenlConnection(transport), { id: 0x1f, version: 1 });
  fill(batch);
  batch.send();
  return transport.sent;
}

test('copies of the template are the messages of the changes', () => {
  fc.assert(
    fc.property(fc.array(scanned, { minLength: 1, maxLength: 5 }), (servers) => {
      const copied = sentBy(servers.length, (batch) => {
        const template = serverTemplate(batch)!;
        for (const server of servers) addServer(batch, template, server);
      });
      const plain = sentBy(servers.length, (batch) => {
        for (const server of servers) batch.add(toChange(server));
      });
      expect(copied).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});
