/** A fake kernel whose table is a state, and the state of its table in a form that can be compared. */
import { IpvsClient } from '../../src/ipvs/client';
import { writeState } from '../../src/state/document/write';
import { planChanges } from '../../src/state/plan/diff';
import { sendChanges } from '../../src/state/plan/send';
import { readLive } from '../../src/state/table/live';
import type { TableState } from '../../src/state/table/table-state';
import { FakeKernel } from './fake-kernel';

/** @throws when the fake kernel refuses a part of the state. */
export function kernelWith(state: TableState): { kernel: FakeKernel; client: IpvsClient } {
  const kernel = new FakeKernel();
  const client = new IpvsClient(kernel.open());
  const plan = planChanges({ services: [], daemons: [] }, state);
  const refused = sendChanges(plan, client, { stopAtRefusal: false });
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`);
  kernel.requests.length = 0;
  return { kernel, client };
}

/** The table as a document, whatever the order of its services and servers. */
export function tableText(client: IpvsClient): string {
  const lines = [...writeState(readLive(client), false)].join('').split('\n');
  // Each server stands behind its service: sort within.
  const document = JSON.parse(lines.join('\n'));
  for (const service of document.services) {
    service.servers.sort((a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return JSON.stringify(document, null, 1);
}
