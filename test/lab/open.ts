import { say } from '../../scripts/debian/progress';
import { openHost } from './backends/host';
import { openQemu } from './backends/qemu';
import { openUml } from './backends/uml';
import { BackendUnavailable } from './errors';
import { type BackendName, backendNames, type Lab, type LabOptions } from './types';

const backends: Record<BackendName, (options: LabOptions) => Promise<Lab>> = {
  host: openHost,
  uml: openUml,
  qemu: openQemu,
};

/** Opens a kernel with ip_vs: on the requested backend, or on the first one that works. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const reasons: string[] = [];
  for (const name of candidates(options)) {
    try {
      const lab = await backends[name](options);
      say(`${name}, Linux ${lab.kernel}`);
      return lab;
    } catch (error) {
      reasons.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new BackendUnavailable(`no kernel with ip_vs is available\n${reasons.join('\n')}`);
}

function candidates({ backend }: LabOptions): readonly BackendName[] {
  const requested = backend ?? process.env.IPVSADM_LAB;
  if (!requested) return backendNames;
  const known = backendNames.find((name) => name === requested);
  if (known === undefined)
    throw new Error(`unknown backend '${requested}': must be ${backendNames.join(', ')}`);
  return [known];
}
