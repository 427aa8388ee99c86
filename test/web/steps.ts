/** What people do on the page, by the words that it shows. */
import type { Locator, Page } from 'playwright-core';
import { english, type Texts } from '../../src/web/page/texts';

/** Logs in by the form, and waits for the overview. */
export async function logIn(
  page: Page,
  origin: string,
  token: string,
  texts: Texts = english,
): Promise<void> {
  await page.goto(`${origin.replace(/\/$/, '')}/`);
  await page.getByLabel(texts.token).fill(token);
  await page.getByRole('button', { name: texts.logIn }).click();
  await heading(page, texts.overview).waitFor();
}

/** The browser says so of the first request, which asks whether somebody is logged in. */
export const NOT_LOGGED_IN = /status of 401/;

export function heading(page: Page, name: string): Locator {
  return page.getByRole('heading', { name, level: 1 });
}

/** The row of a table that begins with a name. */
export function row(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
}

export interface View {
  readonly name: string;
  /** Behind `#`. */
  readonly at: string;
  /** Waits until it is there. */
  shown(page: Page, texts: Texts): Promise<unknown>;
}

/** Changes the text of the document. */
async function change(page: Page, texts: Texts, before: string, after: string): Promise<void> {
  const text = page.getByLabel(texts.textOfDocument('lvs.yaml'));
  await text.fill((await text.inputValue()).replace(before, after));
  await text.press('Control+Home');
}

/** Every view of the page, of somebody who may do everything. */
export const views: readonly View[] = [
  { name: 'overview', at: '/', shown: (page) => row(page, 'api').waitFor() },
  {
    name: 'service',
    at: '/service/tcp:192.0.2.10:80',
    shown: (page) => page.locator('.chart canvas').first().waitFor(),
  },
  {
    name: 'server',
    at: '/service/tcp:192.0.2.10:80/10.0.0.3:80',
    async shown(page, texts) {
      await page.getByRole('button', { name: texts.checkNow }).click();
      await page.getByRole('region', { name: texts.conversation }).waitFor();
    },
  },
  {
    name: 'drain',
    at: '/service/tcp:192.0.2.10:80',
    async shown(page, texts) {
      await page.setViewportSize({ width: Math.max(640, page.viewportSize()!.width), height: 800 });
      await page.getByRole('button', { name: `${texts.adminActions.drain}: web01` }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'edit',
    at: '/edit',
    async shown(page, texts) {
      await change(page, texts, 'weight: 1', 'weight: 7');
      await page.locator('.diff .added').first().waitFor();
    },
  },
  {
    name: 'mistake',
    at: '/edit',
    async shown(page, texts) {
      await change(page, texts, 'type: http', 'type: nothing');
      await page.locator('#problems button.bad').first().waitFor();
    },
  },
  {
    name: 'directors',
    at: '/directors',
    shown: (page) => page.getByRole('heading', { name: 'lvs03' }).waitFor(),
  },
  {
    name: 'connections',
    at: '/connections',
    async shown(page, texts) {
      await page.getByRole('button', { name: texts.ask }).click();
      await page.getByRole('table').waitFor();
    },
  },
  {
    name: 'summary',
    at: '/connections',
    async shown(page, texts) {
      await page.getByLabel(texts.show).selectOption('client');
      await page.getByRole('button', { name: texts.ask }).click();
      await page.getByRole('table').waitFor();
    },
  },
  { name: 'doctor', at: '/doctor', shown: (page) => page.locator('.finding').first().waitFor() },
  {
    name: 'history',
    at: '/history',
    async shown(page, texts) {
      await page.getByRole('button', { name: `${texts.show} 6` }).click();
      await page.locator('.diff').waitFor();
    },
  },
];
