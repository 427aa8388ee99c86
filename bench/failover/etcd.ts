/** Failovers of director daemons that etcd elects, each on the one that leads then. */
import type { FailoverName } from '../../test/kernel/ha/daemon';
import { playEtcd } from '../../test/kernel/ha/etcd-ground';
import { type Counted, countedIn } from '../../test/kernel/ha/ground';
import type { Lab } from '../../test/lab';

interface Failover {
  /** Lines of the shell: what happens to $leader, and how it comes back. */
  readonly does: string;
  readonly back: string;
}

const failovers: Readonly<Record<FailoverName, Failover>> = {
  'machine gone': { does: 'gone $leader', back: 'back $leader director' },
  'daemon killed': { does: 'kill -9 $(cat $leader.pid)', back: 'director $leader' },
  'daemon frozen': { does: 'kill -STOP $(cat $leader.pid)', back: 'kill -CONT $(cat $leader.pid)' },
  'handed over': { does: 'on $leader "$IPVSADM_NODE" ha resign >/dev/null', back: ':' },
  'daemon stopped': { does: 'kill -TERM $(cat $leader.pid)', back: 'director $leader' },
};

/** Each with its return takes half a minute, and a job of the lab has a limit. */
export const ETCD_AT_ONCE = 5;

/** Plays an event some times. @throws what was printed instead. */
export async function playEtcdFailovers(
  name: FailoverName,
  rounds: number,
  lab: Pick<Lab, 'run'>,
): Promise<readonly Counted[]> {
  const { does, back } = failovers[name];
  const lines = await playEtcd(
    `machines_of d1 d2; store e1; directors d1 d2
round=0
while [ $round -lt ${rounds} ]; do
  round=$((round + 1))
  counts; leader=$(holders); leader=\${leader% }
  ${does}
  counted 6
  ${back}
  within 60 '[ "$(holders | wc -w)" = 1 ]'; within 60 ready_standbys
done`,
    lab,
  );
  const counted = countedIn(lines);
  if (counted.length !== rounds) throw new Error(lines.join('\n'));
  return counted;
}
