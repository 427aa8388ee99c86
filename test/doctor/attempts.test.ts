/** What doctor sends, against stand-ins for the network. */
import { askOwners, hearSyncIds, type Looked, tryServers } from '../../src/doctor/attempts';
import type { HostClient } from '../../src/host/client';
import type { Neighbour } from '../../src/host/types';
import { formatAddress } from '../../src/model/address';
import { daemonStates } from '../../src/model/sync-daemon';
import type { InteractiveSystem } from '../../src/platform/interactive-system';
import { address, bytes, eth0, lo, server, service } from './hand-made';

function looked(...args: Parameters<typeof service>): Looked {
  const { service: listed, servers } = service(...args);
  return { service: listed, servers: servers.map((each) => each.server) };
}

/** A system whose calls end with a failure by address. */
function callingSystem(failures: Readonly<Record<string, string>>, called: string[]): InteractiveSystem {
  return {
    async call({ address: host, port, timeout }) {
      called.push(`${host} ${port} ${timeout}`);
      const failure = failures[host];
      return { source: { port: 0 }, answer: '', ...(failure ? { failure } : { connected: 1 }) };
    },
  } as Partial<InteractiveSystem> as InteractiveSystem;
}

describe('connections', () => {
  test('each real server of TCP with a weight gets one, and each failure has its meaning', async () => {
    const called: string[] = [];
    const failures = {
      '10.0.0.18': 'ECONNREFUSED',
      '10.0.0.19': 'EHOSTUNREACH',
      '10.0.0.20': 'ETIMEDOUT',
      '10.0.0.21': 'EACCES',
    };
    const hosts = ['10.0.0.17', ...Object.keys(failures)];
    const udp = service('10.0.0.13 53', []).service.key;
    const table = [
      looked('10.0.0.13 80', [
        ...hosts.map((host) => server(`${host} 80`)),
        server('10.0.0.30 80', { weight: 0 }),
      ]),
      looked('10.0.0.14 80', [server('10.0.0.17 80')]),
      looked('10.0.0.14 81', [server('127.0.0.1 81', { method: 'local' })]),
      looked('10.0.0.13 53', [server('10.0.0.17 53')], { key: { ...udp, protocol: 17 } as typeof udp }),
    ];
    const outcome = await tryServers(table, callingSystem(failures, called));
    expect(Object.fromEntries(outcome)).toEqual({
      '10.0.0.17 80': 'open',
      '10.0.0.18 80': 'refused',
      '10.0.0.19 80': 'unreachable',
      '10.0.0.20 80': 'timeout',
      '10.0.0.21 80': 'failed',
    });
    expect(called).toEqual(hosts.map((host) => `${host} 80 1500`));
  });

  test('at most 512 are made', async () => {
    const called: string[] = [];
    const servers = Array.from({ length: 600 }, (_, at) => server(`10.1.${at >> 8}.${at & 255} 80`));
    expect((await tryServers([looked('10.0.0.13 80', servers)], callingSystem({}, called))).size).toBe(512);
    expect(called.length).toBe(512);
  });
});

describe('questions to neighbours', () => {
  const other = Uint8Array.of(2, 0, 0, 0, 0, 99);
  const vip = '10.0.0.13';

  /** @param mac what the entry of the VIP has after the question. */
  async function ask(mac: Uint8Array | undefined, state: Neighbour['state']) {
    const done: string[] = [];
    const host = {
      askNeighbour: (link: number, asked: Uint8Array) => done.push(`ask ${link} ${formatAddress(asked)}`),
      neighbours: () => [{ link: 2, address: bytes(vip), mac, state }],
      forgetNeighbour: (link: number, asked: Uint8Array) =>
        done.push(`forget ${link} ${formatAddress(asked)}`),
    } as Partial<HostClient> as HostClient;
    const owners = await askOwners([bytes(vip), bytes('10.0.0.99'), bytes('2001:db8::13')], {
      host,
      links: [lo, eth0],
      addresses: [address(2, '10.0.0.12/24'), address(2, `${vip}/32`), address(2, '2001:db8::13/128')],
      routes: [],
      hides: () => false,
      sleep: async (milliseconds) => done.push(`wait ${milliseconds}`),
    });
    expect(done).toEqual([`ask 2 ${vip}`, 'wait 700', `forget 2 ${vip}`]);
    return Object.fromEntries(owners);
  }

  test('name another machine that has a VIP of this one', async () => {
    expect(await ask(other, 'reachable')).toEqual({ [vip]: other });
  });

  test.each([
    ['no answer', undefined, 'incomplete'],
    ['an old answer', other, 'failed'],
    ['an own interface', eth0.address, 'reachable'],
  ] as const)('name nobody: %s', async (_title, mac, state) => {
    expect(await ask(mac, state)).toEqual({});
  });
});

test('a VIP on lo is asked for by the interface that answers for it, unless it is hidden', async () => {
  const asked: number[] = [];
  const host = {
    askNeighbour: (link: number) => asked.push(link),
    neighbours: () => [],
    forgetNeighbour() {},
  } as Partial<HostClient> as HostClient;
  const addresses = [address(1, '10.0.0.13/32'), address(2, '10.0.0.12/24')];
  for (const hidden of [true, false]) {
    await askOwners([bytes('10.0.0.13')], {
      host,
      links: [lo, eth0],
      addresses,
      routes: [],
      hides: () => hidden,
      sleep: async () => {},
    });
    expect(asked).toEqual(hidden ? [] : [2]);
  }
});

describe('syncids', () => {
  const message = (sender: string, syncId: number) => ({
    sender,
    bytes: Uint8Array.of(0, syncId, 0, 0, 1, 1, 0, 0),
  });

  async function hear(daemons: Parameters<typeof hearSyncIds>[0]) {
    const joined: string[] = [];
    const system = {
      async hearMulticast(...group) {
        joined.push(group.join(' '));
        return [message('10.0.0.15', 7), message('10.0.0.12', 9), message('10.0.0.15', 7)];
      },
    } as Partial<InteractiveSystem> as InteractiveSystem;
    const ids = await hearSyncIds(daemons, {
      system,
      links: [lo, eth0],
      addresses: [address(2, '10.0.0.12/24')],
    });
    return { joined, ids };
  }

  const backup = { state: daemonStates.backup, interface: 'eth0', syncId: 8 };

  test('are those of other machines, heard where the backup daemon listens', async () => {
    expect(await hear([backup])).toEqual({ joined: ['224.0.0.81 8848 10.0.0.12 4500'], ids: [7] });
    expect(await hear([{ ...backup, group: bytes('224.0.0.90'), port: 8849 }])).toMatchObject({
      joined: ['224.0.0.90 8849 10.0.0.12 4500'],
    });
  });

  test('are not listened to without a backup daemon, or without its interface', async () => {
    expect(await hear([{ ...backup, state: daemonStates.master }])).toEqual({ joined: [], ids: [] });
    expect(await hear([{ ...backup, interface: 'eth9' }])).toEqual({ joined: [], ids: [] });
  });
});
