/** Every view of the page, as everybody must be able to read it: on any screen, in both languages. */
import type { Page } from 'playwright-core';
import { english, type Texts } from '../../src/web/page/texts';
import { chinese } from '../../src/web/page/texts.zh';
import { accessibilityProblems, tooWide } from './accessibility';
import { type Visit, visit } from './browser';
import { fakePage } from './fake-page';
import { heading, NOT_LOGGED_IN, views } from './steps';

jest.setTimeout(60_000);

const fake = fakePage();

const wide = { width: 1280, height: 800 };
const variants: Readonly<Record<string, Visit & { texts: Texts }>> = {
  light: { viewport: wide, texts: english },
  dark: { viewport: wide, colorScheme: 'dark', texts: english },
  '320 px': { viewport: { width: 320, height: 640 }, texts: english },
  'enlarged, of high contrast': {
    viewport: { width: 640, height: 400 },
    forcedColors: 'active',
    texts: english,
  },
  Chinese: { viewport: wide, locale: 'zh-CN', texts: chinese },
  'Chinese, 320 px, dark': {
    viewport: { width: 320, height: 640 },
    locale: 'zh-CN',
    colorScheme: 'dark',
    texts: chinese,
  },
};

async function enter(page: Page, at: string): Promise<void> {
  await page.context().addCookies([{ name: 'role', value: 'edit', url: fake.server.url }]);
  await page.goto(`${fake.server.url}#${at}`);
}

describe.each(Object.entries(variants))('%s', (_, { texts, ...options }) => {
  test.each(views.map((view) => [view.name, view] as const))('%s', async (__, view) => {
    await visit(fake.browser, options, async (page) => {
      await enter(page, view.at);
      await view.shown(page, texts);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
    });
  });

  test('login', async () => {
    await visit(fake.browser, { ...options, expected: NOT_LOGGED_IN }, async (page) => {
      await page.goto(fake.server.url);
      await heading(page, texts.logIn).waitFor();
      await page.getByLabel(texts.token).fill('nobody');
      await page.getByRole('button', { name: texts.logIn }).click();
      await page.getByRole('alert').getByText('the token is not known').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
    });
  });
});

test('the language is that of the browser until somebody chooses, and is kept', async () => {
  await visit(fake.browser, { locale: 'zh-CN' }, async (page) => {
    await enter(page, '/');
    await heading(page, chinese.overview).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    await page.getByRole('button', { name: chinese.otherLanguage }).click();
    await heading(page, 'Overview').waitFor();
    await page.reload();
    await heading(page, 'Overview').waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en-GB');
  });
});
