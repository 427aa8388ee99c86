/**
 * Many services of 10 servers, two distinct checks for each: IPVSADM_DIRECTOR_SERVICES=1000 and
 * IPVSADM_DIRECTOR_MINUTES=60 run an hour of the largest one.
 */
import {
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
} from '../helpers/simulated-director';

const SERVICES = Number(process.env.IPVSADM_DIRECTOR_SERVICES ?? 100);
const MINUTES = Number(process.env.IPVSADM_DIRECTOR_MINUTES ?? 1);

const services = Array.from({ length: SERVICES }, (_, number) => {
  const servers = Array.from({ length: 10 }, (_, index) => {
    const host = (number * 10 + index) % (2 * SERVICES);
    return directorServer(`10.${host >> 8}.${host & 255}.1`);
  });
  return directorService(`s${number}`, servers, { address: `192.0.${number >> 8}.${number & 255}` });
});

test('equal checks run once, nothing piles up, and a steady table is left alone', async () => {
  const machine = new SimulatedMachine();
  const { director } = machine.start(configurationOf(services), { identity: (_, { server }) => server.name });
  await machine.clock.run(2000);
  expect(director.status()).toMatchObject({ changesSent: 11 * SERVICES, changesRefused: 0, alarms: [] });
  const before = { checks: machine.checksRun, timers: machine.clock.pending };
  for (let minute = 0; minute < MINUTES; minute++) {
    machine.kernel.requests.length = 0;
    await machine.clock.run(60_000);
    expect(machine.changes).toBe(0);
  }
  expect((machine.checksRun - before.checks) / MINUTES).toBeGreaterThan(55 * SERVICES);
  expect((machine.checksRun - before.checks) / MINUTES).toBeLessThan(65 * SERVICES);
  expect(machine.clock.pending).toBeLessThan(before.timers + 2 * SERVICES + 100);
  machine.behaviours.set('10.0.1.1', 'refused');
  await machine.clock.run(4000);
  expect(director.status().changesSent).toBe(11 * SERVICES + 5);
}, 3_600_000);
