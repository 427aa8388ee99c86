import { addressVariable } from './client';
import { openLab } from './open';
import { serveLab } from './server';

declare global {
  /** Set by Jest's globalSetup for its globalTeardown: they share no modules. */
  var closeJestLab: (() => Promise<void>) | undefined;
}

/** Jest's globalSetup: opens the lab that all tests of the run share. Without a kernel the run fails. */
export default async function setUp(): Promise<void> {
  const lab = await openLab();
  const server = await serveLab(lab);
  process.env[addressVariable] = JSON.stringify(server.address);
  globalThis.closeJestLab = async () => {
    await server.close();
    await lab.close();
  };
}
