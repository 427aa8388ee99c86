import { NetlinkError } from '../../src/netlink/errors';
import { makeSetup, openSteps, StepFailure, undoSetup } from '../../src/setup/carry-out';
import { stepKey } from '../../src/setup/journal';
import { kindOf } from '../../src/setup/kinds';
import { realServerSteps } from '../../src/setup/realserver';
import { SetupError, type Step } from '../../src/setup/step';
import { FakeJournal, type FakeMachine } from '../helpers/fake-machine';
import { freshMachine, realServer, setups } from './machines';

const steps = realServerSteps(realServer);
const arpIgnore = 'net/ipv4/conf/eth0/arp_ignore';

async function madeSetup(machine = freshMachine()) {
  const journal = new FakeJournal();
  await makeSetup(steps, machine, journal);
  return { machine, journal };
}

async function failureOf(work: Promise<unknown>): Promise<StepFailure> {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(StepFailure);
  return error;
}

/** The machine and the journal's text before each change of `work`. */
async function momentsOf(machine: FakeMachine, journal: FakeJournal, work: () => Promise<unknown>) {
  const moments: { machine: FakeMachine; text: string | undefined }[] = [];
  machine.changing = () => moments.push({ machine: machine.clone(), text: journal.text });
  await work();
  machine.changing = undefined;
  return moments;
}

describe.each(Object.entries(setups))('%s', (_name, wanted) => {
  test('made, made again, taken back', async () => {
    const machine = freshMachine();
    const before = machine.state;
    const journal = new FakeJournal();
    expect(await makeSetup(wanted, machine, journal)).toEqual({ made: wanted });
    const after = machine.state;
    expect(openSteps(wanted, machine)).toEqual([]);

    machine.changing = () => {
      throw new Error('nothing is to be changed');
    };
    const text = journal.text;
    expect(await makeSetup(wanted, machine, journal)).toEqual({ made: [] });
    expect(machine.state).toEqual(after);
    expect(journal.text).toBe(text);

    machine.changing = undefined;
    const { undone, left } = await undoSetup(machine, journal);
    expect(left).toEqual([]);
    expect(undone).toEqual(wanted.filter((step) => !kindOf(step).stays).toReversed());
    expect(machine.state).toEqual(before);
    expect(journal.text).toBeUndefined();
  });

  test('killed between any two steps: up finishes, and down cleans with and without it', async () => {
    const machine = freshMachine();
    const before = machine.state;
    const journal = new FakeJournal();
    const moments = await momentsOf(machine, journal, () => makeSetup(wanted, machine, journal));
    const after = machine.state;
    expect(moments).toHaveLength(wanted.length);
    for (const moment of moments) {
      const [half, finished] = [moment.machine, moment.machine.clone()];
      const [halfJournal, journalAfter] = [new FakeJournal(), new FakeJournal()];
      halfJournal.text = moment.text;
      await undoSetup(half, halfJournal);
      expect(half.state).toEqual(before);

      journalAfter.text = moment.text;
      await makeSetup(wanted, finished, journalAfter);
      expect(finished.state).toEqual(after);
      await undoSetup(finished, journalAfter);
      expect(finished.state).toEqual(before);
    }
  });

  test('taking back is killed between any two steps: it finishes the next time', async () => {
    const machine = freshMachine();
    const before = machine.state;
    const journal = new FakeJournal();
    await makeSetup(wanted, machine, journal);
    const moments = await momentsOf(machine, journal, () => undoSetup(machine, journal));
    expect(moments.length).toBeGreaterThan(0);
    for (const moment of moments) {
      const rest = new FakeJournal();
      rest.text = moment.text;
      const { left } = await undoSetup(moment.machine, rest);
      expect(left).toEqual([]);
      expect(moment.machine.state).toEqual(before);
    }
  });

  test('a step that fails is told, and what had been made is taken back', async () => {
    for (const at of wanted.keys()) {
      const machine = freshMachine();
      const before = machine.state;
      let count = 0;
      machine.changing = () => {
        if (count++ === at) throw new SetupError('this one fails');
      };
      const journal = new FakeJournal();
      const failure = await failureOf(makeSetup(wanted, machine, journal));
      expect(failure.step).toEqual(wanted[at]);
      expect(failure.left).toEqual([]);
      expect(machine.state).toEqual(before);
      expect(journal.text).toBeUndefined();
    }
  });
});

test('what another up has made stays in the journal when a later one fails', async () => {
  const { machine, journal } = await madeSetup();
  const { text } = journal;
  const more: Step = { kind: 'address', link: 'lo', address: '192.0.2.11', prefix: 32 };
  machine.refuse = () => 1;
  const failure = await failureOf(makeSetup([...steps, more], machine, journal));
  expect(failure.cause).toEqual(new NetlinkError(1));
  expect(journal.text).toBe(text);
});

test('a step that cannot be taken back after a failure stays in the journal', async () => {
  const machine = freshMachine();
  const journal = new FakeJournal();
  const last: Step = { kind: 'address', link: 'eth7', address: '192.0.2.11', prefix: 32 };
  const first: Step = { kind: 'address', link: 'lo', address: '192.0.2.10', prefix: 32 };
  machine.refuse = (type) => (type === 21 ? 16 : 0);
  const failure = await failureOf(makeSetup([first, last], machine, journal));
  expect(failure.message).toBe(
    'address 192.0.2.11/32 on eth7: there is no interface eth7; this machine has lo, eth0',
  );
  expect(failure.left).toMatchObject([{ step: first }]);
  expect(journal.read()).toEqual([{ step: first, former: null }]);
});

test('a value that somebody else has changed since stays, and is told', async () => {
  const { machine, journal } = await madeSetup();
  machine.sysctls.set(arpIgnore, '8');
  const { undone, left } = await undoSetup(machine, journal);
  expect(left).toMatchObject([{ step: { name: arpIgnore }, reason: 'it is 8 by now' }]);
  expect(undone).toHaveLength(steps.length - 1);
  expect(machine.sysctls.get(arpIgnore)).toBe('8');
  expect(journal.text).toBeUndefined();
});

test('what somebody else has put back already is no matter', async () => {
  const { machine, journal } = await madeSetup();
  machine.sysctls.set(arpIgnore, '0');
  machine.kernel.addresses = [];
  expect((await undoSetup(machine, journal)).left).toEqual([]);
});

test('a VIP that the kernel does not take back keeps its ARP settings, until the next time', async () => {
  const { machine, journal } = await madeSetup();
  const before = { settings: new Map(machine.sysctls), entries: journal.read().length };
  machine.refuse = () => 16;
  const { undone, left } = await undoSetup(machine, journal);
  expect(undone).toEqual([]);
  expect(left[0]).toMatchObject({ step: { kind: 'address' }, reason: 'Device or resource busy' });
  expect({ settings: new Map(machine.sysctls), entries: journal.read().length }).toEqual(before);
  machine.refuse = undefined;
  expect((await undoSetup(machine, journal)).undone).toHaveLength(before.entries);
  expect(journal.text).toBeUndefined();
});

test('the first word on what was there before counts', async () => {
  const { machine, journal } = await madeSetup();
  machine.sysctls.set(arpIgnore, '0');
  machine.sysctls.set('net/ipv4/conf/eth0/arp_announce', '1');
  await makeSetup(steps, machine, journal);
  await undoSetup(machine, journal);
  expect(machine.sysctls.get('net/ipv4/conf/eth0/arp_announce')).toBe('0');
});

test('what is as wanted already is not ours, and stays', async () => {
  const machine = freshMachine();
  machine.sysctls.set(arpIgnore, '2');
  machine.kernel.addresses.push({ link: 1, address: '192.0.2.10', prefix: 32 });
  const before = machine.state;
  const { journal } = await madeSetup(machine);
  const keys = journal.read().map(({ step }) => stepKey(step));
  expect(keys).toHaveLength(steps.length - 2);
  await undoSetup(machine, journal);
  expect(machine.state).toEqual(before);
});

test('some steps are taken back, the others stay in the journal', async () => {
  const { machine, journal } = await madeSetup();
  const { undone } = await undoSetup(machine, journal, ({ kind }) => kind === 'address');
  expect(undone).toMatchObject([{ kind: 'address' }]);
  expect(journal.read()).toHaveLength(steps.length - 1);
});

test('a machine that cannot be looked at is a failure of the step', async () => {
  const machine = freshMachine();
  const tunnel: Step = { kind: 'tunnel', type: 'ipip', link: 'eth0', local: '10.0.0.17' };
  const failure = await failureOf(makeSetup([tunnel], machine, new FakeJournal()));
  expect(failure.message).toBe(
    'device eth0 (ipip to 10.0.0.17): the device eth0 is there already, of kind unknown and not ipip from 10.0.0.17: remove or rename it',
  );
});
