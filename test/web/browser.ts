/** A browser for tests: what a page does wrong is an error, and a failure leaves a picture. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { chromium } from '../lab/chromium';

/** For the assertions of a page: in milliseconds. */
const PATIENCE = 15_000;

/** @param args more of Chromium's own. */
export async function openBrowser(...args: string[]): Promise<Browser> {
  const { program, env } = await chromium();
  return await playwright.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none', ...args],
    env: { ...process.env, ...env },
  });
}

export interface Visit extends BrowserContextOptions {
  /** What the page says on the console that is no mistake of its own: answers that a test provokes. */
  expected?: RegExp;
}

/**
 * Opens a page with cookies of its own, and closes it afterwards.
 * @throws what `action` throws, once a screenshot is kept; or what the page did wrong: uncaught errors, errors on
 * the console, violations of its content security policy, dialogs.
 */
export async function visit<T>(
  browser: Browser,
  { expected, ...options }: Visit,
  action: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(PATIENCE);
  const mistakes: string[] = [];
  try {
    const page = await context.newPage();
    page
      .on('pageerror', (error) => mistakes.push(`uncaught: ${error.message}`))
      .on('dialog', (dialog) => {
        // A page that has a draft asks before it is left.
        if (dialog.type() === 'beforeunload') return void dialog.accept();
        mistakes.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      })
      .on('console', (message) => {
        if (message.type() === 'error' && !expected?.test(message.text())) mistakes.push(message.text());
      });
    await page.exposeFunction('tellViolation', (text: string) => void mistakes.push(`policy: ${text}`));
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => {
        tellViolation(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
      })`,
    );
    const result = await action(page).catch(async (error: Error) => {
      const told = `The page: ${await picture(page)}\n${mistakes.join('\n')}`;
      // Jest prints the stack, which has the message as it was.
      error.stack = `${told}\n${error.stack}`;
      throw error;
    });
    if (mistakes.length > 0) throw new Error(`${mistakes.join('\n')}\nThe page: ${await picture(page)}`);
    return result;
  } finally {
    await context.close();
  }
}

async function picture(page: Page): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'ipvsadm-page-')), 'page.png');
  await page.screenshot({ path }).catch(() => undefined);
  return `${path}, at ${page.url()}`;
}
