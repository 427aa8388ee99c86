/** apply while another program changes the same table: only our own changes are taken back. */
import fc from 'fast-check';
import { IpvsClient } from '../../../src/ipvs/client';
import { AF_INET } from '../../../src/model/address';
import { applyPlan, planFor } from '../../../src/state/plan/apply';
import type { TableState, WholeState } from '../../../src/state/table/table-state';
import { serverName, serviceName } from '../../../src/state/table/table-state';
import { wholeState } from '../../helpers/arbitrary-states';
import type { FakeKernel } from '../../helpers/fake-kernel';
import { kernelWith, tableText } from '../../helpers/table-of-state';
import { key, mark, server, service } from '../../helpers/table-rows';

/** Does `work` before the change of that number is carried out, as another program. */
function meanwhile(kernel: FakeKernel, at: number, work: (client: IpvsClient) => void, refused?: number) {
  const other = new IpvsClient(kernel.open());
  let changes = 0;
  let busy = false;
  kernel.refuse = () => {
    if (busy) return 0;
    if (changes++ === at) {
      busy = true;
      work(other);
      busy = false;
    }
    return changes - 1 === refused ? 12 : 0;
  };
}

const web = (...servers: ReturnType<typeof server>[]) => ({ service: service(), servers });
const dns = (...servers: ReturnType<typeof server>[]) => ({
  service: service({ key: key('192.0.2.11', 53, 17) }),
  servers,
});
const rest = { daemons: [], timeouts: { tcp: 900, tcpFin: 120, udp: 300 } };
const [one, two, three] = [1, 2, 3].map((last) => server({ at: `10.0.0.${last}` }));
const foreign = server({ at: '10.99.0.1', weight: 9 });

/** The servers of a service by name and weight; undefined: there is no such service. */
function serversOf(client: IpvsClient, of: ReturnType<typeof key>) {
  const { before } = planFor(client, {}, {});
  return before.services
    .find((entry) => serviceName(entry.service.key) === serviceName(of))
    ?.servers.map((entry) => `${serverName(entry)} ${entry.weight}`)
    .sort();
}

interface Case {
  readonly from: TableState;
  readonly to: TableState;
  /** The change of ours before which the other program acts, and the one that is refused. */
  readonly at: number;
  readonly refused: number;
  readonly other: (client: IpvsClient) => void;
  readonly kind: 'put-back' | 'half-done';
  readonly kept: readonly string[];
  readonly servers: readonly string[] | undefined;
}

describe('after a refusal,', () => {
  test.each<[string, Case]>([
    [
      'a server that another program added to a touched service stays',
      {
        from: { services: [web(one!)] },
        to: { services: [web(two!), dns(one!)] },
        at: 2,
        refused: 3,
        other: (client) => client.addServer(key('192.0.2.10'), foreign),
        kind: 'put-back',
        kept: [],
        servers: ['10.0.0.1:80 1', '10.99.0.1:80 9'],
      },
    ],
    [
      'a service that we added stays if it has a server of another program, without ours',
      {
        from: { services: [dns(one!)] },
        to: { services: [web(two!, three!)] },
        at: 2,
        refused: 3,
        other: (client) => client.addServer(key('192.0.2.10'), foreign),
        kind: 'half-done',
        kept: ['add-service'],
        servers: ['10.99.0.1:80 9'],
      },
    ],
    [
      'a weight that another program set after us stays',
      {
        from: { services: [web(one!)] },
        to: {
          services: [web({ ...one!, weight: 5 }, two!)],
          daemons: [{ state: 1, interface: 'no', syncId: 0 }],
        },
        at: 2,
        refused: 2,
        other: (client) => client.editServer(key('192.0.2.10'), { ...one!, weight: 77 }),
        kind: 'half-done',
        kept: ['edit-server'],
        servers: ['10.0.0.1:80 77'],
      },
    ],
    [
      'a server that we deleted and another program added again stays as that one has it',
      {
        from: { services: [web(one!, two!)] },
        to: { services: [web(one!)], timeouts: { tcp: 1, tcpFin: 1, udp: 1 } },
        at: 1,
        refused: 1,
        other: (client) => client.addServer(key('192.0.2.10'), { ...two!, weight: 42 }),
        kind: 'half-done',
        kept: ['delete-server'],
        servers: ['10.0.0.1:80 1', '10.0.0.2:80 42'],
      },
    ],
    [
      'a service that we deleted and another program added again stays as that one has it',
      {
        from: { services: [web(one!, two!), dns()] },
        to: { services: [dns()], timeouts: { tcp: 1, tcpFin: 1, udp: 1 } },
        at: 1,
        refused: 1,
        other: (client) => {
          client.addService(service({ scheduler: 'lc' }));
          client.addServer(key('192.0.2.10'), foreign);
        },
        kind: 'half-done',
        kept: ['delete-service'],
        servers: ['10.99.0.1:80 9'],
      },
    ],
    [
      'a service that another program deleted is not brought back by its edited server',
      {
        from: { services: [web(one!), dns()] },
        to: { services: [web({ ...one!, weight: 3 }), dns()], timeouts: { tcp: 1, tcpFin: 1, udp: 1 } },
        at: 1,
        refused: 1,
        other: (client) => client.deleteService(key('192.0.2.10')),
        kind: 'half-done',
        kept: ['edit-server'],
        servers: undefined,
      },
    ],
    [
      'a deleted service comes back with all its servers',
      {
        from: { services: [web(one!, two!), dns()] },
        to: { services: [dns()], timeouts: { tcp: 1, tcpFin: 1, udp: 1 } },
        at: 1,
        refused: 1,
        other: (client) => client.addService(service({ key: mark(4242) })),
        kind: 'put-back',
        kept: [],
        servers: ['10.0.0.1:80 1', '10.0.0.2:80 1'],
      },
    ],
  ])('%s', async (_name, { from, to, at, refused, other, kind, kept, servers }) => {
    const { kernel, client } = kernelWith({ ...rest, ...from });
    const planned = planFor(client, to, {});
    meanwhile(kernel, at, other, refused);
    const applied = await applyPlan(planned, client, { replan: () => planFor(client, to, {}) });
    expect({
      kind: applied.kind,
      kept: 'kept' in applied ? applied.kept.map(({ change }) => change.kind) : [],
      left: 'left' in applied ? applied.left : [],
      servers: serversOf(client, key('192.0.2.10')),
    }).toEqual({ kind, kept, left: [], servers });
  });
});

test('nothing of another program is lost, and nothing of ours is left, whatever is refused when', async () => {
  await fc.assert(
    fc.asyncProperty(
      wholeState,
      wholeState,
      fc.nat(),
      fc.nat(),
      fc.nat(),
      async (from, to, at, when, which) => {
        const { kernel, client } = kernelWith(from);
        const planned = planFor(client, to, {});
        fc.pre(planned.plan.length > 0);
        const refused = when % planned.plan.length;
        const added = server({ at: '10.99.0.1', weight: 9, forwarding: 2 });
        let joined: string | undefined;
        meanwhile(
          kernel,
          at % (refused + 1),
          (other) => {
            other.addService(service({ key: mark(4242) }));
            const { services } = planFor(other, {}, {}).before;
            const ipv4 = services.filter((entry) => entry.service.key.family === AF_INET);
            const { key: chosen } = ipv4[which % ipv4.length]!.service;
            other.addServer(chosen, added);
            joined = serviceName(chosen);
          },
          refused,
        );
        const former = planFor(client, {}, {}).before;
        const applied = await applyPlan(planned, client);
        const { before: now } = planFor(client, {}, {});
        // The kernel deletes a service with all of its servers, known to us or not.
        const survivors = now.services.filter(({ servers }) =>
          servers.some((one) => serverName(one) === '10.99.0.1:80'),
        );
        const doomed = planned.plan.some(
          ({ change }) => change.kind === 'delete-service' && serviceName(change.key) === joined,
        );
        if (!doomed) expect(survivors.map((entry) => serviceName(entry.service.key))).toEqual([joined]);
        expect(now.services.map((entry) => serviceName(entry.service.key))).toContain('fwmark:4242');
        expect(ours(now, former)).toEqual(ours(former, former));
        expect(applied.kind).toBe('kept' in applied && applied.kept.length > 0 ? 'half-done' : 'put-back');
      },
    ),
    { numRuns: 300 },
  );

  /**
   * The table without what the other program added: a server, the service that was added for it, or
   * that stays because of it.
   */
  function ours({ services, ...others }: WholeState, former: WholeState) {
    const known = new Set(former.services.map((entry) => serviceName(entry.service.key)));
    const names = services
      .filter((entry) => known.has(serviceName(entry.service.key)))
      .map(({ service: own, servers }) => ({
        name: serviceName(own.key),
        scheduler: own.scheduler,
        servers: servers
          .filter((entry) => serverName(entry) !== '10.99.0.1:80')
          .map((entry) => `${serverName(entry)} ${entry.weight} ${entry.forwarding}`)
          .sort(),
      }));
    const strangers = services.filter((entry) => !known.has(serviceName(entry.service.key)));
    const left = strangers.flatMap(({ servers }) => servers.map(serverName));
    return { others, names, left: left.filter((name) => name !== '10.99.0.1:80') };
  }
});

describe('a table that another program changes in the same way', () => {
  test.each<[string, TableState, TableState, (client: IpvsClient) => void]>([
    [
      'adds the same service',
      {},
      { services: [web(one!)] },
      (other) => other.addService(service({ scheduler: 'lc' })),
    ],
    [
      'adds the same server',
      { services: [web()] },
      { services: [web(one!, two!)] },
      (other) => other.addServer(key('192.0.2.10'), { ...two!, weight: 5 }),
    ],
    [
      'deletes the server that is to be edited',
      { services: [web(one!)] },
      { services: [web({ ...one!, weight: 4 })] },
      (other) => other.deleteServer(key('192.0.2.10'), one!),
    ],
    [
      'deletes the service that gets a server',
      { services: [web(one!)] },
      { services: [web(one!, two!)] },
      (other) => other.deleteService(key('192.0.2.10')),
    ],
    [
      'deletes the service that is to be deleted',
      { services: [web(one!), dns()] },
      { services: [dns()] },
      (other) => other.deleteService(key('192.0.2.10')),
    ],
  ])('is planned for again: it %s', async (_name, from, to, other) => {
    const { kernel, client } = kernelWith({ ...rest, ...from });
    meanwhile(kernel, 0, other);
    let plans = 0;
    const replan = () => {
      plans += 1;
      return planFor(client, to, {});
    };
    const applied = await applyPlan(planFor(client, to, {}), client, { replan });
    expect({ kind: applied.kind, plans }).toEqual({ kind: 'done', plans: 1 });
    expect(tableText(client)).toBe(tableText(kernelWith({ ...rest, ...to }).client));
  });

  test('is given up when the other program never rests', async () => {
    const { kernel, client } = kernelWith({ ...rest, services: [web()] });
    const to = { services: [web(one!)] };
    const other = new IpvsClient(kernel.open());
    let busy = false;
    let rounds = 0;
    kernel.refuse = () => {
      if (busy) return 0;
      busy = true;
      rounds += 1;
      if (rounds % 2 === 1) other.addServer(key('192.0.2.10'), { ...one!, weight: rounds + 1 });
      else other.deleteServer(key('192.0.2.10'), one!);
      busy = false;
      return 0;
    };
    const applied = await applyPlan(planFor(client, to, {}), client, {
      replan: () => planFor(client, to, {}),
    });
    expect({ kind: applied.kind, rounds, made: applied.made }).toEqual({
      kind: 'put-back',
      rounds: 4,
      made: 0,
    });
  });
});

test('a table that has services before and after is never without one', () => {
  fc.assert(
    fc.property(wholeState, wholeState, (from, to) => {
      fc.pre(from.services.length > 0 && to.services.length > 0);
      const { kernel, client } = kernelWith(from);
      const { plan } = planFor(client, { services: to.services }, {});
      for (const { change } of plan) {
        kernel.daemons = []; // they would rule out servers of another family
        client.change(change);
        expect(kernel.entries).not.toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});
