/**
 * Many services of ten servers, two distinct checks for each service. `npm run bench:scale -- --simulated`
 * runs an hour of 1,000 services, and looks at the memory.
 */
import { hostAddress, type Scale, SimulatedScale } from '../helpers/simulated-scale';

const scale: Scale = { services: 50, servers: 10, hosts: 100 };
/** Of each check in a minute, at an interval of 2 s. */
const RUNS = 30;

test('equal checks run once, and a steady table is left alone', async () => {
  const simulated = new SimulatedScale(scale);
  const { machine, daemon } = simulated;
  await machine.clock.run(2000);
  const { services, servers, hosts } = scale;
  const filled = services * (1 + servers);
  expect(daemon.director.status()).toMatchObject({ changesSent: filled, changesRefused: 0, alarms: [] });
  const before = machine.checksRun;
  await simulated.run(1, false);
  expect(daemon.director.status().changesSent).toBe(filled);
  expect(machine.checksRun - before).toBeGreaterThan(0.9 * RUNS * hosts);
  expect(machine.checksRun - before).toBeLessThan(1.1 * RUNS * hosts);
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(4000);
  // One result takes the server out of all services that have it.
  expect(daemon.director.status().changesSent).toBe(filled + (services * servers) / hosts);
}, 60_000);

test('servers that fail in turn leave nothing behind', async () => {
  const simulated = new SimulatedScale({ services: 4, servers: 10, hosts: 20 });
  await simulated.run(4, true);
  const before = simulated.kept;
  await simulated.run(6, true);
  const { events, timers, files, ...rest } = simulated.kept;
  expect(rest).toEqual({ alarms: 0, results: 20 });
  expect(events).toBeLessThanOrEqual(1000);
  expect(timers).toBeLessThan(before.timers + 20);
  // Apart from the events, of which a thousand are kept.
  expect(files - before.files).toBeLessThan(300 * (events - before.events) + 1000);
}, 60_000);

test('half of a large service fails at once, and comes back: everything is sent once', async () => {
  const servers = 200;
  const { machine, daemon } = new SimulatedScale({ services: 1, servers, hosts: servers });
  const out = () => machine.table[0]!.match(/=0/g)?.length ?? 0;
  await machine.clock.run(3000);
  const filled = 1 + servers;
  for (let host = 0; host < servers / 2; host++) machine.behaviours.set(hostAddress(host), 'refused');
  await machine.clock.run(15_000);
  expect(out()).toBe(servers / 2);
  expect(daemon.director.status().changesSent).toBe(filled + servers / 2);
  machine.behaviours.clear();
  await machine.clock.run(30_000);
  expect(out()).toBe(0);
  expect(daemon.director.status()).toMatchObject({
    changesSent: filled + servers,
    changesRefused: 0,
    alarms: [],
  });
}, 60_000);
