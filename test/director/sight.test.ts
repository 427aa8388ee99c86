/** The gateway that is asked when everything fails at once: where it comes from, and what its silence means. */
import {
  configurationOf,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const web = (own = {}) => configurationOf([directorService('web', someServers(4))], own);

async function started(prepare: (machine: SimulatedMachine) => void, own = {}) {
  const machine = new SimulatedMachine();
  machine.defaultGateway = '10.0.0.254';
  prepare(machine);
  const daemon = machine.start(web(own));
  await machine.clock.run(10_000);
  const states = () => new Set(daemon.director.health().map(({ state }) => state));
  return { machine, daemon, director: daemon.director, states };
}

test('without one in the document that of the default route is asked: states freeze', async () => {
  const { machine, director, states } = await started(() => {});
  expect(director.status().sight).toEqual({ gateway: '10.0.0.254', problem: undefined });
  const { pings } = machine;
  await machine.clock.run(600_000);
  expect(machine.pings).toBe(pings);
  machine.linkDown = true;
  await machine.clock.run(60_000);
  expect([director.status().blind, [...states()]]).toEqual([true, ['up']]);
  machine.linkDown = false;
  await machine.clock.run(10_000);
  expect([director.status().blind, [...states()]]).toEqual([false, ['up']]);
});

test('a default route that goes with the link does not make it believe', async () => {
  const { machine, director, states } = await started(() => {});
  machine.linkDown = true;
  machine.defaultGateway = undefined;
  await machine.clock.run(60_000);
  expect([director.status().blind, [...states()]]).toEqual([true, ['up']]);
});

test('so it is after a restart in the dark', async () => {
  const { machine, daemon } = await started(() => {});
  await daemon.stop();
  machine.linkDown = true;
  const again = machine.start(web());
  await machine.clock.run(60_000);
  expect(again.director.status()).toMatchObject({ blind: true, sight: { gateway: '10.0.0.254' } });
  expect(again.director.health().map(({ state }) => state)).toEqual(Array(4).fill('up'));
});

test('one that has never answered is not asked: its silence says nothing', async () => {
  const { machine, daemon, director, states } = await started((one) => {
    one.gatewayAnswers = false;
  });
  const problem = 'the gateway 10.0.0.254 does not answer ping: the document can name another one';
  expect(director.status().sight).toEqual({ gateway: undefined, problem });
  machine.linkDown = true;
  await machine.clock.run(60_000);
  expect([director.status().blind, [...states()]]).toEqual([false, ['down']]);
  const notes = daemon.events.filter((text) => text.startsWith('note'));
  expect(notes).toEqual([`note: if everything failed at once, servers would be taken out: ${problem}`]);
});

test('it is learned later, and another route is another gateway', async () => {
  const { machine, director } = await started((one) => {
    one.gatewayAnswers = false;
  });
  machine.gatewayAnswers = true;
  await machine.clock.run(70_000);
  expect(director.status().sight.gateway).toBe('10.0.0.254');
  machine.defaultGateway = '10.0.0.253';
  await machine.clock.run(10_000);
  expect(director.status().sight.gateway).toBe('10.0.0.253');
});

test.each([{}, { gateway: '10.0.0.1' }])('what cannot be asked is no silence: %j', async (own) => {
  const { machine, daemon, director, states } = await started((one) => {
    one.pingFault = 'ping is not installed';
  }, own);
  machine.linkDown = true;
  await machine.clock.run(60_000);
  expect([director.status().blind, [...states()]]).toEqual([false, ['down']]);
  expect(director.status().sight.problem).toBe('ping is not installed');
  expect(daemon.events.filter((text) => text.startsWith('note'))).toHaveLength(1);
});

test('without a default route there is nothing to ask', async () => {
  const { machine, director, states } = await started((one) => {
    one.defaultGateway = undefined;
  });
  machine.linkDown = true;
  await machine.clock.run(60_000);
  expect([machine.pings, director.status().blind, [...states()]]).toEqual([0, false, ['down']]);
});
