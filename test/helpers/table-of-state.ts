/** Loads a state into a fake kernel, and returns its table in a form that can be compared. */
import { IpvsClient } from '../../src/ipvs/client';
import { writeState } from '../../src/state/document/write';
import { planChanges } from '../../src/state/plan/diff';
import { readLive } from '../../src/state/table/live';
import type { TableState } from '../../src/state/table/table-state';
import { FakeKernel } from './fake-kernel';

/**
 * Returns a fake kernel with the given table.
 * @throws when the fake kernel refuses a part of it.
 */
export function kernelWith(state: TableState): { kernel: FakeKernel; client: IpvsClient } {
  const kernel = new FakeKernel();
  const client = new IpvsClient(kernel.open());
  const plan = planChanges({ services: [], daemons: [] }, state);
  const errnos = client.changes(plan.map(({ change }) => change));
  const refused = errnos.findIndex((errno) => errno !== 0);
  if (refused >= 0) throw new Error(`refused with ${errnos[refused]}: ${JSON.stringify(plan[refused])}`);
  kernel.requests.length = 0;
  return { kernel, client };
}

/** Returns the table as JSON, independent of the order of services and real servers. */
export function tableText(client: IpvsClient): string {
  const lines = [...writeState(readLive(client), false)].join('').split('\n');
  // The order of real servers in a service does not matter.
  const document = JSON.parse(lines.join('\n'));
  for (const service of document.services) {
    service.servers.sort((a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return JSON.stringify(document, null, 1);
}
