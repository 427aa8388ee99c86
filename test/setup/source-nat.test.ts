/** The commands for nft(8), as libnftables-json(5) describes them. */
import { sourceNat } from '../../src/setup/source-nat';
import type { NatTarget, SourceNatStep } from '../../src/setup/step';
import { freshMachine } from './machines';

const target: NatTarget = { protocol: 'tcp', address: '10.0.0.17', port: 8080 };
const step: SourceNatStep = { kind: 'source-nat', ipv6: false, targets: [target] };

function runsOf(work: (machine: ReturnType<typeof freshMachine>) => unknown) {
  const machine = freshMachine();
  work(machine);
  return machine.nftRuns;
}

test('one transaction: our table anew, its chain, a rule for each target', () => {
  const [commands, ...more] = runsOf((machine) => sourceNat.make(step, machine));
  expect(more).toEqual([]);
  const table = { family: 'ip', name: 'ipvsadm' };
  expect(commands).toEqual([
    { add: { table } },
    { delete: { table } },
    { add: { table } },
    {
      add: {
        chain: {
          family: 'ip',
          table: 'ipvsadm',
          name: expect.stringMatching(/^snat_[0-9a-f]{8}$/),
          type: 'nat',
          hook: 'postrouting',
          prio: 100,
          policy: 'accept',
        },
      },
    },
    {
      add: {
        rule: {
          family: 'ip',
          table: 'ipvsadm',
          chain: expect.stringMatching(/^snat_[0-9a-f]{8}$/),
          expr: [
            {
              match: {
                op: '==',
                left: { payload: { protocol: 'ip', field: 'daddr' } },
                right: '10.0.0.17',
              },
            },
            { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 8080 } },
            { counter: { packets: 0, bytes: 0 } },
            { masquerade: null },
          ],
        },
      },
    },
  ]);
});

test('it is as wanted while the chain of just these targets is there', () => {
  const machine = freshMachine();
  expect(sourceNat.former(step, machine)).toBeNull();
  sourceNat.make(step, machine);
  expect(sourceNat.former(step, machine)).toBeUndefined();
  const more: SourceNatStep = { ...step, targets: [target, { ...target, port: 8081 }] };
  expect(sourceNat.former(more, machine)).toBeNull();
  expect(sourceNat.former({ ...step, ipv6: true }, machine)).toBeNull();
});

test('taken back: the table alone, whether it is there or not', () => {
  const [commands] = runsOf((machine) => sourceNat.undo(step, null, machine));
  const table = { family: 'ip', name: 'ipvsadm' };
  expect(commands).toEqual([{ add: { table } }, { delete: { table } }]);
});

test('without nft the message says what to install', () => {
  const machine = freshMachine();
  machine.nftMissing = true;
  expect(() => sourceNat.make(step, machine)).toThrow('install the package nftables');
});

test('for a shell', () => {
  const { make, undo } = sourceNat.shell(step);
  expect(make).toMatch(
    /^nft 'table ip ipvsadm \{ chain snat_[0-9a-f]{8} \{ type nat hook postrouting priority 100; ip daddr 10\.0\.0\.17 tcp dport 8080 masquerade; \}; \}'$/,
  );
  expect(undo).toBe('nft delete table ip ipvsadm');
});
