/** Random tables through snapshot, restore, diff and apply on a real kernel. */
import fc from 'fast-check';
import { compareServiceKeys } from '../../src/model/address-order';
import { writeState } from '../../src/state/document/write';
import type { WholeState } from '../../src/state/table/table-state';
import { wholeState } from '../helpers/arbitrary-states';
import type { Lab } from '../lab';

/** The snapshot that a state must give, made from the state and not by the program. */
export function snapshotOf(state: WholeState): string {
  const none = { activeConnections: 0, inactiveConnections: 0, persistentConnections: 0 };
  const services = state.services
    .map((entry) => ({ ...entry, servers: entry.servers.map((server) => ({ ...none, ...server })) }))
    .sort((a, b) => compareServiceKeys(a.service.key, b.service.key));
  return [...writeState({ ...state, services }, false)].join('');
}

/** Empties the table and sets timeouts that no generated state has. */
const CLEAR = `
"$IPVSADM_NODE" -C; for side in master backup; do "$IPVSADM_NODE" --stop-daemon $side 2>/dev/null; done
"$IPVSADM_NODE" --set 11 12 13`;

/**
 * Takes pairs of random tables through snapshot, restore, diff and apply.
 * @returns the failures, a line each, and the number of tables that were compared.
 */
export async function stateRoundTrips(lab: Lab, pairs: number, seed: number): Promise<string> {
  const states = fc.sample(wholeState, { numRuns: 2 * pairs, seed });
  let complaints = '';
  for (let at = 0; at < states.length; at += 2) {
    const [a, b] = [snapshotOf(states[at]!), snapshotOf(states[at + 1]!)];
    const { stdout, stderr } = await lab.run({
      script: `
cat >a.json <<'END'
${a}END
cat >b.json <<'END'
${b}END
wrong() { echo "pair ${at / 2}: $*"; }
is() { "$IPVSADM_NODE" snapshot | diff "$1" - || wrong "$2"; }
${CLEAR}
"$IPVSADM_NODE" restore a.json || wrong restore
is a.json 'restored is another table'
"$IPVSADM_NODE" snapshot saved.json; "$IPVSADM_NODE" snapshot --to rules >saved.rules 2>/dev/null; whole=$?
${CLEAR}
"$IPVSADM_NODE" restore saved.json || wrong 'restore of a snapshot'
is a.json 'a snapshot loads as another table'
if [ $whole = 0 ]; then
  ${CLEAR}
  "$IPVSADM_NODE" restore saved.rules || wrong 'restore of rules'
  is a.json 'rules load as another table'
  ${CLEAR}
  "$IPVSADM_C" -R <saved.rules || wrong 'restore of rules by C'
  is a.json 'C loads rules as another table'
fi
"$IPVSADM_NODE" diff a.json || wrong 'the same differs'
"$IPVSADM_NODE" apply --allow-empty b.json >/dev/null || wrong apply
"$IPVSADM_NODE" diff b.json || wrong 'applied differs'
[ "$("$IPVSADM_NODE" apply --allow-empty b.json)" = 'nothing to change' ] || wrong 'applied twice'
"$IPVSADM_NODE" apply --allow-empty a.json >/dev/null || wrong 'apply back'
"$IPVSADM_NODE" diff a.json || wrong 'back differs'`,
      timeoutSeconds: 120,
    });
    complaints += `${stdout}${stderr}`;
  }
  return complaints;
}
