import { addressVariable } from './client';
import { openLab } from './open';
import { serveLab } from './server';
import type { Lab } from './types';

declare global {
  /** Set by globalSetup for globalTeardown, which does not share its modules. */
  var closeJestLab: (() => Promise<void>) | undefined;
}

/** Jest's globalSetup: opens the labs that the tests of the run share. @throws without a kernel. */
export default async function setUp({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  const labs = await openLabs(maxWorkers);
  const servers = await Promise.all(labs.map(serveLab));
  process.env[addressVariable] = JSON.stringify(servers.map(({ address }) => address));
  globalThis.closeJestLab = async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(labs.map((lab) => lab.close()));
  };
}

/** A guest of uml has one processor and starts within seconds: each worker of Jest gets its own. */
async function openLabs(workers: number): Promise<Lab[]> {
  const lab = await openLab();
  if (lab.backend !== 'uml') return [lab];
  const more = Array.from({ length: workers - 1 }, () => openLab({ backend: 'uml' }));
  return [lab, ...(await Promise.all(more))];
}
