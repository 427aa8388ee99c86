/**
 * Source NAT of forwarded connections by nftables: with it, real servers behind any gateway answer the
 * director (what other kernels call full NAT). IPVS shows its packets to netfilter only while
 * net.ipv4.vs.conntrack is 1.
 */
import { counted } from '../bytes/counted';
import { type Machine, type NatTarget, SetupError, type SourceNatStep, type StepKind } from './step';

/** The name of our table. */
export const NAT_TABLE = 'ipvsadm';

/** NF_IP_PRI_NAT_SRC of the kernel: after IPVS has chosen the real server. */
const PRIORITY = 100;

type Family = 'ip' | 'ip6';

export const sourceNat: StepKind<SourceNatStep> = {
  former(step, machine) {
    const listed = machine.nft([{ list: { table: { family: familyOf(step), name: NAT_TABLE } } }]);
    return 'output' in listed && listed.output.includes(`"${chainName(step.targets)}"`) ? undefined : null;
  },
  make(step, machine) {
    run(machine, [...emptied(familyOf(step)), ...natCommands(familyOf(step), step.targets)]);
  },
  undo(step, _former, machine) {
    run(machine, emptied(familyOf(step)));
    return undefined;
  },
  describe: ({ targets, ipv6 }) =>
    `nftables table ${ipv6 ? 'ip6' : 'ip'} ${NAT_TABLE}: source NAT to ${counted(targets.length, 'real server')}`,
  shell(step) {
    const family = familyOf(step);
    const rules = step.targets.map(
      ({ address, port, protocol }) => `${family} daddr ${address} ${protocol} dport ${port} masquerade`,
    );
    const chain = `chain ${chainName(step.targets)} { type nat hook postrouting priority ${PRIORITY}; ${rules.join('; ')}; }`;
    return {
      make: `nft 'table ${family} ${NAT_TABLE} { ${chain}; }'`,
      undo: `nft delete table ${family} ${NAT_TABLE}`,
    };
  },
};

/** Deleting a table that is not there is an error: so it is added first. All of it is one transaction. */
function emptied(family: Family): object[] {
  const table = { family, name: NAT_TABLE };
  return [{ add: { table } }, { delete: { table } }];
}

function natCommands(family: Family, targets: readonly NatTarget[]): object[] {
  const chain = chainName(targets);
  const own = { family, table: NAT_TABLE };
  return [
    { add: { table: { family, name: NAT_TABLE } } },
    {
      add: {
        chain: { ...own, name: chain, type: 'nat', hook: 'postrouting', prio: PRIORITY, policy: 'accept' },
      },
    },
    ...targets.map(({ protocol, address, port }) => ({
      add: {
        rule: {
          ...own,
          chain,
          expr: [
            equals({ payload: { protocol: family, field: 'daddr' } }, address),
            equals({ payload: { protocol, field: 'dport' } }, port),
            { counter: { packets: 0, bytes: 0 } },
            { masquerade: null },
          ],
        },
      },
    })),
  ];
}

function equals(left: object, right: string | number): object {
  return { match: { op: '==', left, right } };
}

/** The chain is named for what it holds, so that its name tells whether the table is as wanted. */
function chainName(targets: readonly NatTarget[]): string {
  let hash = 0x811c9dc5; // FNV-1a
  for (const sign of targets.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`).join()) {
    hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193) >>> 0;
  }
  return `snat_${hash.toString(16).padStart(8, '0')}`;
}

function familyOf({ ipv6 }: SourceNatStep): Family {
  return ipv6 ? 'ip6' : 'ip';
}

function run(machine: Machine, commands: readonly object[]): void {
  const result = machine.nft(commands);
  if ('failure' in result) throw new SetupError(result.failure);
}
