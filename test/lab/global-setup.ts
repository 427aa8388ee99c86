import { addressVariable } from './client';
import { openLab } from './open';
import { serveLab } from './server';

declare global {
  /** Set by globalSetup for globalTeardown, which does not share its modules. */
  var closeJestLab: (() => Promise<void>) | undefined;
}

/** Jest's globalSetup: opens the lab that all tests of the run share. @throws without a kernel. */
export default async function setUp(): Promise<void> {
  const lab = await openLab();
  const server = await serveLab(lab);
  process.env[addressVariable] = JSON.stringify(server.address);
  globalThis.closeJestLab = async () => {
    await server.close();
    await lab.close();
  };
}
