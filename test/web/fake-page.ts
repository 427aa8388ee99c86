/** A browser and the fake server, for all tests of a suite. */
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser';
import { type FakeServer, startFakeServer } from './fake-server';

/** To be called at the top of a suite. @returns what is there once its tests run. */
export function fakePage(): { readonly browser: Browser; readonly server: FakeServer } {
  let browser: Browser;
  let server: FakeServer;
  beforeAll(async () => {
    browser = await openBrowser();
    server = await startFakeServer({ step: 3_600_000 });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  return {
    get browser() {
      return browser;
    },
    get server() {
      return server;
    },
  };
}
