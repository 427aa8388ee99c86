import { prepareQemu } from './backends/qemu';
import { prepareUml } from './backends/uml';
import { toolsTree } from './tools';
import { type BackendName, backendNames } from './types';

const preparations: Record<BackendName, () => Promise<unknown>> = {
  host: toolsTree,
  uml: prepareUml,
  qemu: prepareQemu,
};

/** Fills the cache for one backend or all, so that later runs need no network. */
export async function fetchAll(backend?: BackendName): Promise<void> {
  for (const name of backend === undefined ? backendNames : [backend]) await preparations[name]();
}
