import { parseServices } from '../../../src/engines/node/services';

const text = `# Network services
ssh\t\t22/tcp
http 80/tcp www www-http # WorldWideWeb HTTP
domain 53/tcp
domain 53/udp
discard 9/sctp
again 80/tcp
ddp 1/ddp
broken
odd x/tcp
`;
const services = parseServices(text);

test('names and aliases have ports, by protocol; the first entry is used', () => {
  expect({
    tcp: Object.fromEntries(services.ports.get(6)!),
    udp: Object.fromEntries(services.ports.get(17)!),
    sctp: Object.fromEntries(services.ports.get(132)!),
  }).toEqual({
    tcp: { ssh: 22, http: 80, www: 80, 'www-http': 80, domain: 53, again: 80 },
    udp: { domain: 53 },
    sctp: { discard: 9 },
  });
});

test('ports have names, by protocol; the first entry is used', () => {
  expect({
    tcp: Object.fromEntries(services.names.get(6)!),
    udp: Object.fromEntries(services.names.get(17)!),
    sctp: Object.fromEntries(services.names.get(132)!),
    others: [...services.names.keys()].length - 3,
  }).toEqual({
    tcp: { 22: 'ssh', 80: 'http', 53: 'domain' },
    udp: { 53: 'domain' },
    sctp: { 9: 'discard' },
    others: 0,
  });
});

test('a letter whose last byte is 0xa0 is no white space', () => {
  const { ports } = parseServices('caf\u00c3\u00a0 81/tcp voil\u00c3\u00a0\n');
  expect([...ports.get(6)!]).toEqual([
    ['caf\u00c3\u00a0', 81],
    ['voil\u00c3\u00a0', 81],
  ]);
});
