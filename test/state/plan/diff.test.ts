import fc from 'fast-check';
import { ipvsCommands } from '../../../src/ipvs/commands';
import { serverToAttributes } from '../../../src/ipvs/convert';
import { AF_INET, ipv4FromWord } from '../../../src/model/address';
import { applyPlan, planFor } from '../../../src/state/plan/apply';
import { planChanges } from '../../../src/state/plan/diff';
import { sameServer, sameService } from '../../../src/state/table/equality';
import { serverName, serviceName, type TableState } from '../../../src/state/table/table-state';
import { wholeState } from '../../helpers/arbitrary-states';
import type { FakeKernel } from '../../helpers/fake-kernel';
import { kernelWith, tableText } from '../../helpers/table-of-state';
import { key, server, service } from '../../helpers/table-rows';

const reading: number[] = [
  ipvsCommands.getService,
  ipvsCommands.getDest,
  ipvsCommands.getConfig,
  ipvsCommands.getDaemon,
  ipvsCommands.getInfo,
];
const changesSent = (kernel: FakeKernel) =>
  kernel.requests.filter(({ command }) => !reading.includes(command)).length;

test('a plan turns any table into any other, and a second plan is empty', async () => {
  await fc.assert(
    fc.asyncProperty(wholeState, wholeState, async (from, to) => {
      const { kernel, client } = kernelWith(from);
      const planned = planFor(client, to, {});
      expect(await applyPlan(planned, client)).toEqual({ kind: 'done', made: planned.plan.length });
      expect(tableText(client)).toBe(tableText(kernelWith(to).client));
      kernel.requests.length = 0;
      const again = planFor(client, to, {});
      await applyPlan(again, client);
      expect({ planned: again.plan, sent: changesSent(kernel) }).toEqual({ planned: [], sent: 0 });
    }),
    { numRuns: 400 },
  );
});

/** Returns the fewest messages that lead from `from` to `to`: one for each entry that differs. */
function fewest(from: Required<TableState>, to: Required<TableState>): number {
  const before = new Map(from.services!.map((entry) => [serviceName(entry.service.key), entry]));
  let messages = 0;
  for (const entry of to.services!) {
    const was = before.get(serviceName(entry.service.key));
    before.delete(serviceName(entry.service.key));
    if (!was || !sameService(was.service, entry.service)) messages += 1;
    const servers = new Map(was?.servers.map((one) => [serverName(one), one]));
    for (const one of entry.servers) {
      const former = servers.get(serverName(one));
      servers.delete(serverName(one));
      if (!former || !sameServer(former, one)) messages += 1;
    }
    messages += servers.size;
  }
  return messages + before.size;
}

test.each([
  ['a new service', []],
  ['a service', [{ service: service(), servers: [] }]],
])('the plan of %s may add very many real servers', (_name, live) => {
  const servers = Array.from({ length: 200_000 }, (_, index) => ({
    ...server(),
    address: ipv4FromWord(index),
  }));
  const plan = planChanges({ services: live }, { services: [{ service: service(), servers }] });
  expect(plan.filter(({ change }) => change.kind === 'add-server')).toHaveLength(servers.length);
});

test('entries that are equal need no message', () => {
  fc.assert(
    fc.property(wholeState, wholeState, (from, to) => {
      expect(planChanges(from, { services: to.services })).toHaveLength(fewest(from, to));
    }),
  );
});

test('a service that has servers before and after has servers at every step', () => {
  fc.assert(
    fc.property(wholeState, wholeState, (from, to) => {
      const { kernel, client } = kernelWith(from);
      const { plan } = planFor(client, { services: to.services }, {});
      const serving = (state: TableState) =>
        state
          .services!.filter(({ servers }) => servers.length > 0)
          .map((entry) => serviceName(entry.service.key));
      const always = serving(from).filter((name) => serving(to).includes(name));
      for (const { change } of plan) {
        // Sync daemons would rule out servers of another family; this plan does not cover daemons.
        kernel.daemons = [];
        client.change(change);
        const now = serving(planFor(client, {}, {}).before);
        expect(always.filter((name) => !now.includes(name))).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});

test('a refusal at any step leaves the table unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      wholeState,
      wholeState,
      fc.nat(),
      fc.constantFrom(12, 22),
      async (from, to, which, code) => {
        const { kernel, client } = kernelWith(from);
        const former = tableText(client);
        const { plan, before } = planFor(client, to, {});
        fc.pre(plan.length > 0);
        let changes = 0;
        kernel.refuse = () => (changes++ === which % plan.length ? code : 0);
        const applied = await applyPlan({ plan, before }, client);
        // Further changes in the same datagram may be refused as a consequence.
        expect({ kind: applied.kind, first: 'refused' in applied && applied.refused[0]?.errno }).toEqual({
          kind: 'put-back',
          first: code,
        });
        expect(tableText(client)).toBe(former);
      },
    ),
    { numRuns: 400 },
  );
});

test('when restoring fails too, the remaining changes are returned', async () => {
  await fc.assert(
    fc.asyncProperty(wholeState, wholeState, fc.nat(), async (from, to, which) => {
      const { kernel, client } = kernelWith(from);
      const former = tableText(client);
      const { plan, before } = planFor(client, to, {});
      fc.pre(plan.length > 0);
      let changes = 0;
      kernel.refuse = () => (changes++ >= which % plan.length ? 12 : 0);
      const applied = await applyPlan({ plan, before }, client);
      kernel.refuse = undefined;
      if (applied.kind === 'half-done') {
        expect(applied.left).not.toEqual([]);
        for (const { change } of applied.left) client.change(change);
      } else expect(applied.kind).toBe('put-back');
      expect(tableText(client)).toBe(former);
    }),
    { numRuns: 400 },
  );
});

test('lost replies are a failure that is undone', async () => {
  const from = { services: [{ service: service(), servers: [server()] }], daemons: [] };
  const { kernel, client } = kernelWith(from);
  const former = tableText(client);
  const { plan, before } = planFor(client, { services: [] }, {});
  kernel.lostReplies = 5; // those of the datagram, and of four times that its change is asked for
  expect(await applyPlan({ plan, before }, client)).toMatchObject({ kind: 'put-back', refused: [] });
  expect(tableText(client)).toBe(former);
});

test('one change among 10,000 servers takes one message', async () => {
  const servers = Array.from({ length: 10_000 }, (_, index) =>
    server({ at: `10.0.${index >> 8}.${index & 255}`, port: 80 + (index % 3) }),
  ).slice(1);
  const { kernel, client } = kernelWith({ services: [{ service: service(), servers: [] }] });
  // The fake kernel searches linearly: adding the servers one by one would take a minute.
  kernel.entries[0]!.destinations = servers
    .map((one) => ({
      ...serverToAttributes(one),
      activeConnections: 0,
      inactiveConnections: 0,
      persistentConnections: 0,
    }))
    .reverse();
  const wanted = servers.map((one, index) => (index === 777 ? { ...one, weight: 9 } : one));
  const { plan, before } = planFor(client, { services: [{ service: service(), servers: wanted }] }, {});
  kernel.requests.length = 0;
  expect(await applyPlan({ plan, before }, client)).toEqual({ kind: 'done', made: 1 });
  expect(kernel.requests.map(({ command }) => command)).toEqual([ipvsCommands.setDest]);
});

describe('a plan', () => {
  const kinds = (plan: ReturnType<typeof planChanges>) => plan.map(({ change }) => change.kind);
  const web = (...servers: ReturnType<typeof server>[]) => ({ service: service(), servers });
  const other = { service: service({ key: key('192.0.2.11') }), servers: [] };

  test('adds before it deletes, and raises weights before it lowers others', () => {
    const plan = planChanges(
      {
        services: [
          web(
            server({ at: '10.0.0.1', weight: 5 }),
            server({ at: '10.0.0.2', weight: 0 }),
            server({ at: '10.0.0.3' }),
          ),
          other,
        ],
      },
      {
        services: [
          web(
            server({ at: '10.0.0.1', weight: 0 }),
            server({ at: '10.0.0.2', weight: 5 }),
            server({ at: '10.0.0.4' }),
          ),
          { service: service({ key: key('192.0.2.12') }), servers: [server()] },
        ],
      },
    );
    expect(
      plan.map(({ change }) => `${change.kind} ${'server' in change ? serverName(change.server) : ''}`),
    ).toEqual([
      'add-service ',
      'add-server 10.0.0.17:80',
      'add-server 10.0.0.4:80',
      'edit-server 10.0.0.2:80',
      'edit-server 10.0.0.1:80',
      'delete-server 10.0.0.3:80',
      'delete-service ',
    ]);
  });

  test('leaves alone what the wanted state omits', () => {
    const live = {
      services: [other],
      daemons: [{ state: 1, interface: 'lo', syncId: 0 }],
      timeouts: { tcp: 1, tcpFin: 1, udp: 1 },
    };
    expect(planChanges(live, {})).toEqual([]);
    expect(kinds(planChanges(live, { timeouts: { tcp: 0, tcpFin: 1, udp: 0 } }))).toEqual([]);
    expect(kinds(planChanges(live, { timeouts: { tcp: 2, tcpFin: 0, udp: 0 }, daemons: [] }))).toEqual([
      'stop-daemon',
      'set-timeouts',
    ]);
  });

  test('recognizes a running daemon with defaults and clamped lengths as the wanted one', () => {
    const live = {
      daemons: [
        {
          state: 2,
          interface: 'lo',
          syncId: 0,
          maxLength: 1024,
          group: Uint8Array.of(224, 0, 0, 81),
          port: 8848,
          ttl: 1,
        },
      ],
    };
    const wanted = { state: 2, interface: 'lo', syncId: 0 };
    expect(planChanges(live, { daemons: [wanted] })).toEqual([]);
    expect(planChanges(live, { daemons: [{ ...wanted, maxLength: 5 }] })).toEqual([]);
    expect(kinds(planChanges(live, { daemons: [{ ...wanted, ttl: 2 }] }))).toEqual([
      'stop-daemon',
      'start-daemon',
    ]);
  });

  test('can be limited to some services, and can keep weights', () => {
    const live = { services: [web(server({ weight: 7 })), other] };
    const wanted = {
      services: [web(server({ weight: 1, upperThreshold: 3 }))],
      timeouts: { tcp: 5, tcpFin: 5, udp: 5 },
    };
    const plan = planChanges(live, wanted, { only: new Set(['tcp:192.0.2.10:80']), keepWeights: true });
    expect(plan.map(({ change }) => change)).toMatchObject([
      { kind: 'edit-server', server: { weight: 7, upperThreshold: 3, family: AF_INET } },
    ]);
  });
});
