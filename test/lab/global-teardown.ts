import './global-setup'; // for the type of globalThis.closeJestLab

/** Jest's globalTeardown: closes the lab. */
export default async function tearDown(): Promise<void> {
  await globalThis.closeJestLab?.();
}
