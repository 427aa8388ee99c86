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

/** Gets a kernel with ip_vs: the backend that is asked for, else the first that works. */
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
  throw new BackendUnavailable(`no kernel with ip_vs can be had\n${reasons.join('\n')}`);
}

function candidates({ backend }: LabOptions): readonly BackendName[] {
  const asked = backend ?? process.env.IPVSADM_LAB;
  if (!asked) return backendNames;
  const known = backendNames.find((name) => name === asked);
  if (known === undefined) throw new Error(`no backend ${asked}: there are ${backendNames.join(', ')}`);
  return [known];
}
