/** The part `director: { ha: … }` of state documents of version 2. */
import { readDocument } from '../../../src/state/document/read';
import { writeConfiguration } from '../../../src/state/document/write-director';
import { parseJson } from '../../../src/state/source/parse-json';

const service = { protocol: 'tcp', address: '192.0.2.10', port: 80 };
const keepalived = { engine: 'keepalived', id: 51 };
const etcd = { engine: 'etcd', endpoints: ['https://192.0.2.30:2379'] };

function read(director: object, services: readonly object[] = [service]) {
  const document = { format: 'ipvsadm-state', version: 2, director, services };
  return readDocument(parseJson(JSON.stringify(document)));
}

test('keepalived, with what is left out', () => {
  expect(read({ ha: keepalived }).configuration?.ha).toEqual({
    vips: ['192.0.2.10'],
    settings: {
      preempt: false,
      engine: { kind: 'keepalived', id: 51, priority: 100 },
    },
  });
});

test('etcd, with all it may have', () => {
  const { configuration } = read({
    interface: 'eth1',
    vips: ['192.0.2.11/24'],
    ha: {
      ...etcd,
      ...{ name: 'lb03', sync: { syncId: 7, interface: 'eth2' } },
      ...{ cluster: 'shop', ttl: '5s', user: 'lvs', passwordFile: '/etc/ipvsadm/password' },
      ...{ ca: '/a.pem', certificate: '/b.pem', key: '/c.pem' },
    },
  });
  expect(configuration?.ha).toEqual({
    interface: 'eth1',
    vips: ['192.0.2.11/24'],
    settings: {
      ...{ name: 'lb03', preempt: false, sync: { syncId: 7, interface: 'eth2' } },
      engine: {
        ...{ kind: 'etcd', endpoints: ['https://192.0.2.30:2379'], cluster: 'shop', ttl: 5000 },
        ...{ user: 'lvs', passwordFile: '/etc/ipvsadm/password' },
        ...{ ca: '/a.pem', certificate: '/b.pem', key: '/c.pem' },
      },
    },
  });
});

test.each([keepalived, { ...etcd, sync: { syncId: 7 } }, undefined])('%j is written as it was read', (ha) => {
  const given = { vips: ['192.0.2.10'], ...(ha ? { ha } : {}) };
  const { configuration, director } = read(given);
  const text = [...writeConfiguration(configuration!, director)].join('');
  expect(JSON.parse(text).director.ha).toEqual(ha && expect.objectContaining(ha));
  expect(readDocument(parseJson(text)).configuration).toEqual(configuration);
});

test.each<[object, readonly string[]]>([
  [{ engine: 'vrrp' }, ["'engine' must be one of keepalived, etcd"]],
  [{ engine: 'keepalived' }, ["'id' is missing: the virtual router ID of VRRP"]],
  [{ ...keepalived, id: 256 }, ["'id' must be a whole number from 1 to 255"]],
  [{ ...keepalived, peers: ['lb04'] }, ["'lb04' is not an address"]],
  [{ ...keepalived, ttl: '3s' }, ["'ttl' does not belong to the engine keepalived"]],
  [{ ...keepalived, instance: 'VI_1' }, ["'instance' needs 'fifo'"]],
  [{ ...keepalived, sync: {} }, ["'syncId' is missing"]],
  [{ engine: 'etcd' }, ["'endpoints' is missing: URLs of the members of etcd"]],
  [{ ...etcd, endpoints: ['192.0.2.30:2379'] }, ["'192.0.2.30:2379' is not the URL of a member"]],
  [{ engine: 'etcd', endpoints: [] }, ["'endpoints' has no member of etcd"]],
  [{ ...etcd, ttl: '2s' }, ["'2s' is not from 3s to 60s"]],
  [{ ...etcd, ttl: '3500ms' }, ["'3500ms' is not a multiple of 1s"]],
  [{ ...etcd, preempt: true }, ["'preempt' needs priorities, which etcd does not have"]],
  [{ ...etcd, user: 'lvs' }, ["'user' needs 'passwordFile'"]],
  [{ ...etcd, key: '/c.pem' }, ["'key' needs 'certificate'"]],
])('%j: %s', (ha, messages) => {
  const errors = read({ ha }).problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toEqual(
    messages.map((message) => expect.stringContaining(message)),
  );
});

test('VIPs are those of the document, or those of its services', () => {
  const mark = { fwmark: 7, family: 'ipv4' };
  expect(read({ ha: keepalived }, [mark, service, { ...service, port: 81 }]).configuration?.ha?.vips).toEqual(
    ['192.0.2.10'],
  );
  expect(read({ ha: keepalived }, [mark]).problems).toMatchObject([
    {},
    { message: 'there are no VIPs to share: neither vips nor a service with an address', severity: 'error' },
  ]);
});

test('sync daemons are given once: at one of two places', () => {
  const daemons = [{ state: 'backup', interface: 'eth0', syncId: 7 }];
  const problemsOf = (ha: object, rest: object) => {
    const document = { format: 'ipvsadm-state', version: 2, director: { ha }, services: [service], ...rest };
    return readDocument(parseJson(JSON.stringify(document))).problems.filter(
      ({ severity }) => severity === 'error',
    );
  };
  const both = { ...keepalived, sync: { syncId: 7 } };
  expect(problemsOf(both, { daemons })).toMatchObject([
    {
      message: "the sync daemons are given twice: by 'daemons' and by 'sync'",
      hint: "leave 'daemons' out: with 'sync' the leader is master, and all are backups",
    },
  ]);
  expect([problemsOf(both, {}), problemsOf(keepalived, { daemons })]).toEqual([[], []]);
});
