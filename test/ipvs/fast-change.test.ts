import fc from 'fast-check';
import { ChangeBatch } from '../../src/ipvs/change-batch';
import {
  addServer,
  addServerChange,
  addService,
  addServiceChange,
  changeTemplates,
} from '../../src/ipvs/fast-change';
import { GenlConnection } from '../../src/netlink/genl';
import { ScriptedTransport } from '../helpers/scripted-transport';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const key = { protocol: fc.constantFrom(6, 17), serviceAddress: u32, servicePort: fc.nat(65535) };
const scannedService = fc.record({
  ...key,
  scheduler: fc.string({ unit: fc.constantFrom(...'rwlcsh'), minLength: 1, maxLength: 15 }),
});
const scannedServer = fc.record({
  ...key,
  serverAddress: u32,
  serverPort: fc.nat(65535),
  forwarding: fc.constantFrom(0, 3),
  weight: fc.nat(999_999_999),
});

/** NLMSG_ERROR with code 0 for the request with that sequence number, at most 255. */
const ack = (sequence: number) =>
  `24000000 0200 0001 ${sequence.toString(16).padStart(2, '0')}000000 00000000 00000000 ${'00'.repeat(16)}`;

/** The datagrams that a batch sends. */
function sentBy(count: number, fill: (batch: ChangeBatch) => void): string[] {
  const transport = new ScriptedTransport([ack(count)]);
  const batch = new ChangeBatch(new GenlConnection(transport), { id: 0x1f, version: 1 });
  fill(batch);
  batch.send();
  return transport.sent;
}

test('copies of the templates equal the messages of changeToRequest', () => {
  const scanned = fc.array(fc.tuple(scannedService, fc.array(scannedServer, { maxLength: 4 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(scanned, (services) => {
      const count = services.length + services.flatMap(([, servers]) => servers).length;
      const copied = sentBy(count, (batch) => {
        const templates = changeTemplates(batch)!;
        for (const [service, servers] of services) {
          addService(batch, templates, service);
          for (const server of servers) addServer(batch, templates, server);
        }
      });
      const plain = sentBy(count, (batch) => {
        for (const [service, servers] of services) {
          batch.add(addServiceChange(service));
          for (const server of servers) batch.add(addServerChange(server));
        }
      });
      expect(copied).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});

test('more schedulers than templates are kept', () => {
  const services = Array.from({ length: 150 }, (_, index) => ({
    protocol: 6,
    serviceAddress: index,
    servicePort: 80,
    scheduler: `s${String.fromCharCode(97 + (index % 20), 97 + (index % 7))}`,
  }));
  const bytesOf = (fill: (batch: ChangeBatch) => void) => sentBy(150, fill);
  expect(
    bytesOf((batch) => {
      const templates = changeTemplates(batch)!;
      for (const service of services) addService(batch, templates, service);
    }),
  ).toEqual(bytesOf((batch) => services.forEach((service) => void batch.add(addServiceChange(service)))));
});
