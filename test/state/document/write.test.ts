import fc from 'fast-check';
import { serverFromAttributes } from '../../../src/ipvs/convert';
import { AF_INET, AF_INET6, type Family } from '../../../src/model/address';
import type { Field } from '../../../src/state/document/field';
import { connectionSchema, jsonSchemas, schemaProblems } from '../../../src/state/document/schema';
import { serverFields } from '../../../src/state/document/server-fields';
import { serviceFields } from '../../../src/state/document/service-fields';
import { writeConnection, writeState } from '../../../src/state/document/write';
import type { StateParts } from '../../../src/state/table/listed-state';
import { usualRecord } from '../../helpers/arbitrary-rows';
import { key, mark, server, service } from '../../helpers/table-rows';

const written = (parts: StateParts, counters = true) => [...writeState(parts, counters)].join('');

test('a document has a line for each service and each server', () => {
  const text = written(
    {
      kernel: { version: 0x010201, connectionTableSize: 4096 },
      timeouts: { tcp: 900, tcpFin: 120, udp: 300 },
      daemons: [{ state: 2, interface: 'lo', syncId: 7, maxLength: 1472, port: 8848, ttl: 1 }],
      services: [
        {
          service: service({
            key: key('2001:db8::1', 443),
            scheduler: 'mh',
            flags: 0x2f | 0x1000,
            timeout: 300,
            netmask: 64,
            persistenceEngine: 'sip',
            statistics: undefined,
          }),
          servers: [
            server({
              at: '10.0.0.1',
              forwarding: 2,
              weight: 0,
              upperThreshold: 9,
              tunnel: { type: 1, port: 6080, flags: 5 },
            }),
            server({ at: 'fd00::1', forwarding: 5 }),
          ],
        },
        { service: service({ key: mark(0xffffffff, AF_INET6), timeout: 5 }), servers: [] },
      ],
    },
    false,
  );
  expect(text).toBe(
    [
      '{',
      '  "format": "ipvsadm-state",',
      '  "version": 1,',
      '  "kernel": {"version":"1.2.1","connectionTableSize":4096},',
      '  "timeouts": {"tcp":900,"tcpFin":120,"udp":300},',
      '  "daemons": [',
      '    {"state":"backup","interface":"lo","syncId":7,"maxLength":1472,"port":8848,"ttl":1}',
      '  ],',
      '  "services": [',
      '    {"protocol":"tcp","family":"ipv6","address":"2001:db8::1","port":443,"scheduler":"mh","flags":["one-packet","mh-fallback","flag-3","0x1000"],"persistence":{"timeout":300,"netmask":64,"engine":"sip"},"servers":[',
      '      {"family":"ipv4","address":"10.0.0.1","port":80,"forwarding":"tunneling","weight":0,"upperThreshold":9,"lowerThreshold":0,"tunnel":{"type":"gue","port":6080,"flags":["checksum","0x4"]}},',
      '      {"family":"ipv6","address":"fd00::1","port":80,"forwarding":5,"weight":1,"upperThreshold":0,"lowerThreshold":0}',
      '    ]},',
      '    {"fwmark":4294967295,"family":"ipv6","scheduler":"rr","persistence":{"enabled":false,"timeout":5,"netmask":128},"servers":[]}',
      '  ]',
      '}',
      '',
    ].join('\n'),
  );
  expect(schemaProblems(JSON.parse(text))).toEqual([]);
});

test('attributes that this version does not know are written by number', () => {
  const entry = { ...server(), unknown: new Map([[16, Uint8Array.of(0, 255)]]) };
  const text = written({ services: [{ service: service(), servers: [entry] }] });
  expect(JSON.parse(text).services[0].servers[0].unknown).toEqual({ 16: '00ff' });
});

test('whatever the kernel answers, what is written is valid', () => {
  const family = fc.constantFrom(AF_INET, AF_INET6);
  const services = fc.record({
    key: family.map((own) => (own === AF_INET ? key('192.0.2.1', 80, 300) : mark(1, own))),
    scheduler: fc.constantFrom('rr', 'sh', 'é\x80"'),
    flags: fc.nat(0xff),
    timeout: fc.nat(5),
    netmask: fc.integer({ min: 1, max: 128 }),
    persistenceEngine: fc.constantFrom('', 'sip'),
  });
  fc.assert(
    fc.property(services, fc.array(usualRecord), (own, records) => {
      const servers = records.map((record) => ({
        ...serverFromAttributes(record, AF_INET),
        weight: record.weight! >>> 1,
        forwarding: record.forwarding! & 7,
        upperThreshold: 0,
        lowerThreshold: 0,
        unknown: new Map([[99, Uint8Array.of(1)]]),
      }));
      const text = written({ services: [{ service: service(own), servers }] });
      expect(schemaProblems(JSON.parse(text))).toEqual([]);
    }),
  );
});

test('the schema has the fields of the tables', () => {
  const { $defs } = jsonSchemas().state as { $defs: Record<string, { properties: object }> };
  const names = (fields: readonly Field[]) => fields.map(({ name }) => name);
  expect(Object.keys($defs.service!.properties)).toEqual(names(serviceFields));
  expect(Object.keys($defs.server!.properties)).toEqual(names(serverFields));
});

test('a connection is a line', () => {
  const end = (last: number, port: number) => ({
    family: AF_INET as Family,
    address: Uint8Array.of(10, 0, 0, last),
    port,
  });
  const line = writeConnection({
    protocol: 'TCP',
    client: end(1, 40000),
    virtual: end(2, 80),
    destination: end(3, 8080),
    state: 'ESTABLISHED',
    seconds: 899,
    engine: 'sip',
    engineData: 'a@b',
  });
  expect(line).toBe(
    '{"protocol":"tcp","client":{"address":"10.0.0.1","port":40000},"virtual":{"address":"10.0.0.2","port":80},"server":{"address":"10.0.0.3","port":8080},"state":"ESTABLISHED","expires":899,"persistence":{"engine":"sip","data":"a@b"}}\n',
  );
  expect(connectionSchema.safeParse(JSON.parse(line)).success).toBe(true);
});
