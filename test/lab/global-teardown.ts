import './global-setup'; // for the type of globalThis.closeJestLab

/** Jest's globalTeardown: ends the lab of the run. */
export default async function tearDown(): Promise<void> {
  await globalThis.closeJestLab?.();
}
