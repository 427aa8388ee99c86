import fc from 'fast-check';
import type { ChangeBatch } from '../../src/ipvs/change-batch';
import {
  addServer,
  addServerChange,
  addService,
  addServiceChange,
  changeTemplates,
} from '../../src/ipvs/fast-change';
import { sentBy } from '../helpers/sent-by';

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
