/**
 * What clients feel of a fault, with the daemon's defaults: the events of `npm run bench:director`, and
 * some more. Limits are those of the daemon and two seconds for a busy machine: docs/benchmarks.md has
 * what is measured.
 */
import { type Event, events } from '../../../bench/director/events';
import { type Outcome, runTogether, trafficVariables } from '../../../bench/director/run';
import { connectLab } from '../../lab/client';

const SLACK = 2;
/** Half of the 20 long connections are the server's. */
const ITS_CONNECTIONS = 10;

const more: readonly Event[] = [
  {
    name: 'crash',
    title: 'kill -9 and a new start',
    check: 'tcp',
    script: 'counted before; mark; kill -9 $director; wait $director; start; sleep 6; sent; counted after',
  },
  {
    name: 'frozen',
    title: 'stopped for 10 s (`kill -STOP`)',
    check: 'tcp',
    script:
      'counted before; mark; kill -STOP $director; sleep 10; kill -CONT $director; sleep 4; counted after',
  },
  {
    name: 'cut off',
    title: "the director's own link is down for 10 s",
    check: 'tcp',
    script: `printf 'director: { gateway: 10.9.0.9 }\\n' >>lvs.yaml; reload; sleep 2
mark; ip link set lan down; sleep 10; ip link set lan up; sleep 6`,
  },
  {
    name: 'bad line',
    title: 'answers of a server take 0.2 to 0.4 s for 12 s, and some get lost',
    check: 'tcp',
    script: `mark; ip netns exec r1 tc qdisc add dev eth0 root netem delay 300ms 100ms loss 2%; sleep 12
ip netns exec r1 tc qdisc del dev eth0 root; sleep 2`,
  },
];

/** What must hold. A number is the most. */
interface Limits {
  readonly lastLost: number;
  readonly connectionsLost: number;
  readonly changes: number;
  readonly done?: number;
}

const nothing: Limits = { lastLost: 0, connectionsLost: 0, changes: 0 };

const limits: Readonly<Record<string, Limits>> = {
  killed: { lastLost: 3, done: 3, connectionsLost: ITS_CONNECTIONS, changes: 1 },
  'black-hole': { lastLost: 6, done: 6, connectionsLost: 0, changes: 1 },
  stopped: { lastLost: 6, done: 6, connectionsLost: 0, changes: 1 },
  slow: { lastLost: 6, done: 6, connectionsLost: 0, changes: 1 },
  // Once out, it stays out until it has been well for the hold-down.
  flapping: { lastLost: 9, connectionsLost: ITS_CONNECTIONS, changes: 3 },
  restart: nothing,
  reload: { ...nothing, changes: 1, done: 1 },
  // A request that is on its way while its server is deleted gets no answer from anybody.
  drift: { ...nothing, lastLost: 0.25, changes: 2, done: 5 },
  crash: nothing,
  frozen: nothing,
  // Requests are lost while the link is down, and a little longer; the table stays as it is.
  'cut off': { ...nothing, lastLost: 13 },
  // The client waits for 0.25 s, checks for a second: the server stays in.
  'bad line': { ...nothing, lastLost: 13 },
};

const every = [...events, ...more];
/** So many at the same time: each has a network of its own, and waits for most of it. */
const TOGETHER = 4;
const outcomes = new Map<string, Outcome>();

beforeAll(async () => {
  const env = await trafficVariables();
  for (let first = 0; first < every.length; first += TOGETHER) {
    const group = every.slice(first, first + TOGETHER);
    const trials = group.map((event) => ({ event, director: 'ours' as const }));
    const found = await runTogether(connectLab(), trials, env);
    for (const [index, outcome] of found.entries()) outcomes.set(group[index]!.name, outcome);
  }
}, 600_000);

test.each(every.map(({ name, title }) => [name, title] as const))('%s: %s', (name) => {
  const { lastLost, connectionsLost, changes, done } = limits[name]!;
  const outcome = outcomes.get(name)!;
  expect(outcome.lastLost).toBeLessThanOrEqual(lastLost === 0 ? 0 : lastLost + SLACK);
  expect(outcome.connectionsLost).toBeLessThanOrEqual(connectionsLost);
  expect(outcome.changes).toBeLessThanOrEqual(changes);
  if (done !== undefined) expect(outcome.done).toBeLessThanOrEqual(done + SLACK);
  expect(outcome).toMatchObject({ emptied: 0, countersReset: false });
  if (outcome.sent !== undefined) expect(outcome.sent).toBe(0);
});
