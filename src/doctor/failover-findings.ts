/** Findings on directors that share VIPs: what connections need to survive a failover. */
import { counted } from '../bytes/counted';
import { daemonStates } from '../model/sync-daemon';
import { protocols } from '../model/virtual-service';
import { type Facts, numberOf } from './facts';
import { type FindingKind, once, row } from './finding';

const SLOPPY = 'net/ipv4/vs/sloppy_tcp';

export const failoverFindings: readonly FindingKind[] = [
  row<readonly string[]>({
    id: 'sync-missing',
    side: 'director',
    summary: 'VIPs are shared with other directors, and a sync daemon is missing',
    certainty: 'certain',
    look: (facts) => {
      const missing = missingDaemons(facts);
      return missing.length > 0 && ofTcp(facts).some((scheduler) => scheduler !== 'mh') ? [missing] : [];
    },
    describe: (missing, { sharing }) =>
      `this director (${sharing!.role}) shares its VIPs, and has no sync daemon as ${missing.join(' and no ')}`,
    how: 'ipvsadm ha status; ipvsadm -l --daemon',
    effect: 'connections are reset at a failover',
    remedy: "add 'sync: { syncId: 1 }' to 'ha' in the daemon's file, on all directors",
  }),
  row<true>({
    id: 'mh-not-sloppy',
    side: 'director',
    summary: 'VIPs are shared without sync daemons, and mh alone saves no connection (sloppy_tcp=0)',
    certainty: 'certain',
    look: (facts) =>
      once(missingDaemons(facts).length > 0 && ofTcp(facts).includes('mh') && numberOf(facts, SLOPPY) === 0),
    describe: (_so, facts) =>
      `net.ipv4.vs.sloppy_tcp is 0: packets of connections that another director had are refused (${counted(ofTcp(facts).filter((each) => each === 'mh').length, 'service')} with mh)`,
    how: `cat /proc/sys/${SLOPPY}; ipvsadm -ln | grep ' mh'`,
    effect: 'connections are reset at a failover, though mh would choose the same real server',
    remedy: 'sysctl -w net.ipv4.vs.sloppy_tcp=1   # on all directors',
    fix: () => [{ kind: 'sysctl', name: SLOPPY, value: 1 }],
  }),
];

/** The states of the sync daemons that this director should run and does not. */
function missingDaemons({ sharing, table }: Facts): string[] {
  if (!sharing || !table) return [];
  const wanted = sharing.role === 'leader' ? (['master', 'backup'] as const) : (['backup'] as const);
  return wanted.filter((name) => !table.daemons.some(({ state }) => state === daemonStates[name]));
}

/** The schedulers of the services that may have connections of TCP. */
function ofTcp({ table }: Facts): string[] {
  return (table?.services ?? []).flatMap(({ service: { key, scheduler } }) =>
    key.kind === 'fwmark' || key.protocol === protocols.tcp ? [scheduler] : [],
  );
}
