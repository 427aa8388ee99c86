/**
 * `npm run docs:screenshots`: takes the pictures of docs/web/ from the page of the fake server, whose
 * table is the same every time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { english } from '../../src/web/page/texts';
import { openBrowser, visit } from './browser';
import { startFakeServer } from './fake-server';
import { HOSTILE } from './fake-table';
import { smallPng } from './small-png';
import { NOT_LOGGED_IN, views } from './steps';

const folder = join(__dirname, '../../docs/web');
const MOST_BYTES = 100 * 1024;

interface Picture {
  readonly name: string;
  readonly view: string;
  readonly options?: BrowserContextOptions;
}

const pictures: readonly Picture[] = [
  ...views
    .filter(({ name }) => !['mistake', 'summary'].includes(name))
    .map(({ name }) => ({ name, view: name })),
  { name: 'overview-dark', view: 'overview', options: { colorScheme: 'dark' } },
  { name: 'overview-narrow', view: 'overview', options: { viewport: { width: 320, height: 640 } } },
  { name: 'overview-chinese', view: 'overview', options: { locale: 'zh-CN' } },
];

/** Names of somebody who wants to break the page are for tests. */
const tame = `{
  const { parse } = JSON;
  JSON.parse = (text) => parse(text.replaceAll(${JSON.stringify(HOSTILE)}, 'dns'));
  Response.prototype.json = async function () { return JSON.parse(await this.text()); };
}`;

function removeAll(elements: readonly unknown[]): void {
  for (const element of elements as { remove(): void }[]) element.remove();
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  const server = await startFakeServer({ services: 12, step: 3_600_000 });
  const take = async (page: Page, name: string) => {
    // Nothing blinks or fades in a picture.
    const picture = smallPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    if (picture.length > MOST_BYTES) throw new Error(`${name}: ${picture.length} bytes are too many`);
    writeFileSync(join(folder, `${name}.png`), picture);
    console.log(`docs/web/${name}.png: ${Math.round(picture.length / 1024)} KiB`);
  };
  const common = { viewport: { width: 1280, height: 800 }, timezoneId: 'UTC' };
  try {
    await visit(browser, { ...common, expected: NOT_LOGGED_IN }, async (page) => {
      await page.goto(server.url);
      await page.getByRole('heading', { name: english.logIn }).waitFor();
      await take(page, 'login');
    });
    for (const { name, view, options } of pictures) {
      await visit(browser, { ...common, ...options }, async (page) => {
        await page.addInitScript(tame);
        await page.context().addCookies([{ name: 'role', value: 'edit', url: server.url }]);
        const { at, shown } = views.find((each) => each.name === view)!;
        await page.goto(`${server.url}#${at}`);
        await shown(page, english);
        await page
          .locator('.finding')
          .filter({ hasText: 'an interface is called dns' })
          .evaluateAll(removeAll);
        await page.waitForTimeout(500); // charts and dialogs come in steps
        await take(page, name);
      });
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
