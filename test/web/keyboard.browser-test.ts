/** The page by the keyboard alone, as people use it who have no mouse, or see nothing of it. */
import type { Page } from 'playwright-core';
import { visit } from './browser';
import { fakePage } from './fake-page';
import { heading, NOT_LOGGED_IN, row } from './steps';

jest.setTimeout(60_000);

const fake = fakePage();

/** More than there are on any way. */
const MOST_STEPS = 80;

/** What has the focus, as a screen reader says it. */
const focused = `(() => {
  const { activeElement: element } = document;
  const label = element.labels?.[0]?.textContent;
  return (element.getAttribute('aria-label') ?? label ?? element.textContent).trim();
})()`;

/** Presses Tab until something with that name has the focus, which must be seen. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate<string>(focused);
    if (now === name) {
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
      expect([name, outline]).not.toEqual([name, 'none']);
      return;
    }
    passed.push(now);
  }
  throw new Error(`Tab does not reach ${name}: ${passed.join(' | ')}`);
}

test('logs in, opens a service, drains a server with a reason, and makes it ready again', async () => {
  await visit(fake.browser, { expected: NOT_LOGGED_IN }, async (page) => {
    await page.goto(fake.server.url);
    await heading(page, 'Log in').waitFor();
    await tabTo(page, 'Token');
    await page.keyboard.type('operate');
    await page.keyboard.press('Enter');
    await heading(page, 'Overview').waitFor();

    await tabTo(page, 'web');
    await page.keyboard.press('Enter');
    await heading(page, 'web').waitFor();

    await tabTo(page, 'Drain: web01');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Drain: web01' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(focused)).toBe('Drain: web01'); // where it was before
    expect(fake.server.daemon.audit).toEqual([]);

    await page.keyboard.press('Enter');
    await tabTo(page, 'Reason');
    await page.keyboard.type('new disk');
    await tabTo(page, 'For how long');
    await page.keyboard.type('30m');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await row(page, 'web01').getByText('drained').waitFor();
    expect(fake.server.daemon.find('web')!.servers[0]).toMatchObject({
      admin: 'drain',
      override: { author: 'operate-token', reason: 'new disk', until: expect.any(Number) },
    });

    await tabTo(page, 'Ready: web01');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Ready');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await row(page, 'web01').getByText('drained').waitFor({ state: 'hidden' });
    expect(fake.server.daemon.audit.map(({ action }) => action)).toEqual([
      'ready web01',
      'drain web01: new disk',
    ]);
  });
});

test('the first step skips the navigation; the dialog of a server keeps the focus, and Escape leaves it', async () => {
  await visit(fake.browser, {}, async (page) => {
    await page.context().addCookies([{ name: 'role', value: 'view', url: fake.server.url }]);
    await page.goto(`${fake.server.url}#/service/tcp:192.0.2.10:80`);
    await heading(page, 'web').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focused)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');

    await tabTo(page, 'web02');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'web02' }).waitFor();
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab');
      // Past the last one the browser itself has it: then it is the body's.
      expect(await page.evaluate('document.activeElement.closest("dialog, body").tagName')).toMatch(
        /DIALOG|BODY/,
      );
      expect(
        await page.evaluate(
          'document.activeElement.closest("main, nav, header.side") && !document.activeElement.closest("dialog")',
        ),
      ).toBeFalsy();
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate('location.hash')).toBe('#/service/tcp%3A192.0.2.10%3A80');
  });
});
