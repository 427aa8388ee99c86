/** Names, reasons and answers of servers come from anywhere: the page shows them, and does nothing else. */
import type { Page } from 'playwright-core';
import { english } from '../../src/web/page/texts';
import { visit } from './browser';
import { fakePage } from './fake-page';
import { HOSTILE } from './fake-table';
import { heading, views } from './steps';

const more = [
  '"><svg onload=alert(2)>',
  "';alert(3)//",
  '</title></script><script>alert(4)</script>',
  'javascript:alert(5)',
  '{{7*7}}${7*7}',
  '\u202eecalp yb\u0000\u001b[31m',
];

jest.setTimeout(60_000);

const fake = fakePage();

/** `visit` fails for dialogs, errors and violations of the policy; here nothing was made of a text either. */
async function expectNothingMade(page: Page): Promise<void> {
  const made = await page.evaluate(
    `[...document.querySelectorAll('img, iframe, object, embed, a[href^="javascript"], script:not([src])')]
      .concat([...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on'))))
      .map((one) => one.outerHTML)`,
  );
  expect(made).toEqual([]);
}

test('names and answers stand in every view as they are', async () => {
  await visit(fake.browser, { viewport: { width: 1280, height: 800 } }, async (page) => {
    await page.context().addCookies([{ name: 'role', value: 'edit', url: fake.server.url }]);
    for (const view of views) {
      await page.goto('about:blank');
      await page.goto(`${fake.server.url}#${view.at}`);
      await view.shown(page, english);
      await expectNothingMade(page);
    }
    const { key, servers } = fake.server.daemon.table[3]!;
    await page.goto(`${fake.server.url}#/service/${encodeURIComponent(key)}`);
    await heading(page, HOSTILE).waitFor();
    expect(await page.title()).toContain(HOSTILE);
    await page.goto(
      `${fake.server.url}#/service/${encodeURIComponent(key)}/${encodeURIComponent(servers[0]!.key)}`,
    );
    const dialog = page.getByRole('dialog', { name: HOSTILE });
    await dialog.getByText(`status 200 ${HOSTILE}`).first().waitFor();
    await dialog.getByText('<script>alert(1)</script>').first().waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page
      .getByRole('region', { name: 'Conversation with the server' })
      .getByText(`Server: ${HOSTILE}`)
      .waitFor();
    await expectNothingMade(page);
  });
});

test('what operators type, events, alarms and addresses of the page are texts as well', async () => {
  await visit(fake.browser, { expected: /status of 404/ }, async (page) => {
    await page.context().addCookies([{ name: 'role', value: 'operate', url: fake.server.url }]);
    await page.goto(`${fake.server.url}#/service/tcp:192.0.2.11:80`);
    for (const [index, text] of more.entries()) {
      const name = `api0${index + 1}`;
      await page.getByRole('button', { name: `Drain: ${name}` }).click();
      await page.getByLabel('Reason').fill(text);
      await page.getByRole('dialog').getByRole('button', { name: 'Drain', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    fake.server.daemon.alarms = [...more];
    for (const text of more) fake.server.daemon.happened({ kind: 'note', text });
    fake.server.daemon.tell();
    for (const at of [
      '/',
      '/history',
      ...more.map((text) => `/service/${encodeURIComponent(text)}`),
      '/%zz/<img>',
    ]) {
      await page.goto(`${fake.server.url}#${at}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForTimeout(100);
      await expectNothingMade(page);
    }
    await page.goto(`${fake.server.url}#/`);
    const alarms = page.getByRole('alert', { name: 'Alarms' });
    await alarms.getByText("';alert(3)//").waitFor();
    expect(await alarms.getByRole('paragraph').allTextContents()).toEqual(
      more.map((text) => expect.stringContaining(text.replace('\u0000', '').slice(0, 8))),
    );
  });
});

test('an address with a token logs in, and does not keep it', async () => {
  await visit(fake.browser, {}, async (page) => {
    await page.goto(`${fake.server.url}#token=view`);
    await heading(page, 'Overview').waitFor();
    expect(
      await page.evaluate(
        'location.href + JSON.stringify(history.state) + JSON.stringify({ ...localStorage, ...sessionStorage })',
      ),
    ).not.toContain('token');
    expect(await page.evaluate('document.cookie')).toBe('');
  });
});
