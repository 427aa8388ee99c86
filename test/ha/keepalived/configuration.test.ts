import { keepalivedConfiguration } from '../../../src/ha/keepalived/configuration';

const options = {
  settings: { kind: 'keepalived', id: 51, priority: 150 },
  name: 'lb01',
  interface: 'eth0',
  source: '192.0.2.1',
  paths: { fifo: '/run/k/notify', priority: '/run/k/priority' },
} as const;

test('has the instance and nothing else; adverts by multicast', () => {
  expect(keepalivedConfiguration(options)).toEqual({
    text: `# Written by ipvsadm: changes are lost. keepalived only elects: VIPs, table and checks are the director's.
global_defs {
    router_id lb01
    vrrp_notify_fifo /run/k/notify
}
track_file standing {
    file /run/k/priority
    weight 1
}
vrrp_instance director {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 1
    mcast_src_ip 192.0.2.1
    track_file {
        standing
    }
    notify_priority_changes on
    virtual_ipaddress {
        127.86.82.51/32 dev lo scope host no_track
    }
}
`,
  });
});

test('adverts by unicast to peers', () => {
  const settings = { ...options.settings, peers: ['192.0.2.2', '192.0.2.3'] };
  expect(keepalivedConfiguration({ ...options, settings })).toEqual({
    text: expect.stringContaining(`    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
        192.0.2.3
    }
`),
  });
});

test('of IPv6 with an address of its own family', () => {
  expect(keepalivedConfiguration({ ...options, source: '2001:db8::1' })).toEqual({
    text: expect.stringContaining('fe80::7672:7270:33/128 dev lo'),
  });
});

test.each([
  [{ interface: 'eth0 }\nvirtual_server' }, "'eth0 }\nvirtual_server': keepalived cannot be given this name"],
  [{ interface: 'a#b' }, "'a#b': keepalived cannot be given this name"],
  [{ paths: { fifo: '/run/a b', priority: '/run/p' } }, "'/run/a b': keepalived cannot be given this path"],
  [
    { settings: { ...options.settings, peers: ['2001:db8::2'] } },
    'ha.engine.peers: all have to be of the family of the address that adverts come from',
  ],
])('refuses what keepalived would read as something else: %j', (changed, problem) => {
  expect(keepalivedConfiguration({ ...options, ...changed })).toEqual({ problem });
});

test('a name that is no word is left out', () => {
  expect(keepalivedConfiguration({ ...options, name: 'a {' })).toEqual({
    text: expect.stringContaining('router_id director\n'),
  });
});
