/** The page of the real daemon on a real kernel, used as operators do. */
import type { Browser, Page } from 'playwright-core';
import { openBrowser, visit } from './browser';
import { type Ground, openGround } from './ground';
import { heading, logIn, NOT_LOGGED_IN, row } from './steps';

jest.setTimeout(60_000);

let ground: Ground;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
  ground = await openGround();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await ground?.close();
});

const wide = { viewport: { width: 1280, height: 800 }, expected: NOT_LOGGED_IN };

async function openService(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await heading(page, 'web').waitFor();
}

/** Of the kernel, in the genuine program's words. */
async function weights(): Promise<string[]> {
  const rules = await ground.run('n d "$IPVSADM_C" -Sn');
  return [...rules.matchAll(/-w (\d+)/g)].map(([, weight]) => weight!);
}

async function health(field: string): Promise<unknown[]> {
  const text = await ground.run('asks health --json');
  return (JSON.parse(text) as Record<string, unknown>[]).map((one) => one[field]);
}

test('a server dies and comes back: the page shows it without being loaded again', async () => {
  await visit(browser, wide, async (page) => {
    await logIn(page, ground.origin, ground.tokens.view);
    await row(page, 'web').getByText('2 up').waitFor();
    await page.evaluate('window.before = true');
    await ground.run('kill $(cat /tmp/r2.pid)');
    await row(page, 'web').getByText('1 down').waitFor({ timeout: 10_000 });
    await page
      .getByText(/web\/web02 is down: port: connect: connection refused/)
      .first()
      .waitFor();
    await openService(page);
    await row(page, 'web02').getByRole('cell', { name: /^down/ }).waitFor();
    expect(await weights()).toEqual(['1', '0']);
    await ground.run('server r2');
    await row(page, 'web02').getByRole('cell', { name: /^up/ }).waitFor();
    expect(await page.evaluate('window.before')).toBe(true);
  });
});

test('shows what has happened to a server: stages, times, and its check as it runs now', async () => {
  await visit(browser, wide, async (page) => {
    await logIn(page, ground.origin, ground.tokens.operate);
    await openService(page);
    await page.getByRole('link', { name: 'web02' }).click();
    const dialog = page.getByRole('dialog', { name: 'web02' });
    await dialog.getByRole('row').filter({ hasText: 'refused' }).first().waitFor();
    await dialog.getByRole('button', { name: 'Check now' }).click();
    await dialog.getByText('connecting to 10.0.0.18:80').waitFor();
    await dialog.getByRole('table', { name: 'Check now' }).getByText('ok').waitFor();
  });
});

test('drains with a reason, by the kernel and by the log, and takes it back', async () => {
  await visit(browser, wide, async (page) => {
    await logIn(page, ground.origin, ground.tokens.operate);
    await openService(page);
    await page.getByRole('button', { name: 'Drain: web01' }).click();
    await page.getByLabel('Reason').fill('new disk, 新硬盘');
    await page.getByLabel('For how long').fill('2h');
    await page.getByRole('dialog').getByRole('button', { name: 'Drain', exact: true }).click();
    await row(page, 'web01').getByText('drained').waitFor();
    expect(await weights()).toEqual(['0', '1']);
    const [override] = await health('override');
    expect(override).toMatchObject({ admin: 'drain', author: 'operate-er', reason: 'new disk, 新硬盘' });

    await page.getByRole('button', { name: 'Ready: web01' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ready', exact: true }).click();
    await row(page, 'web01').getByText('drained').waitFor({ state: 'hidden' });
    expect(await weights()).toEqual(['1', '1']);

    await page.getByRole('link', { name: 'History' }).click();
    const log = page.getByRole('table', { name: 'Audit log' });
    await log
      .getByRole('row')
      .filter({ hasText: 'operate-er' })
      .filter({ hasText: 'drain' })
      .first()
      .waitFor();
    await log
      .getByText(/new disk, 新硬盘/)
      .first()
      .waitFor();
  });
});

test('edits in the text: what is wrong, what would change, applied on trial, taken back by itself', async () => {
  await visit(browser, wide, async (page) => {
    await logIn(page, ground.origin, ground.tokens.edit);
    await page.getByRole('link', { name: 'Edit' }).click();
    const text = page.getByLabel('Text of lvs.yaml');
    const before = await text.inputValue();
    await text.fill(before.replace('port: 80', 'port: 99999'));
    await page.locator('#problems').getByText("'port' must be a whole number from 0 to 65535").waitFor();
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);

    await text.fill(before.replace('scheduler: rr', 'scheduler: wrr').replace('weight: 1', 'weight: 5'));
    const changes = page.getByRole('region', { name: /changes to the table/ });
    await changes.getByText('-A -t 192.0.2.10:80 -s wrr').waitFor();
    await changes.getByText('-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 5').waitFor();
    expect(await weights()).toEqual(['1', '1']);

    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByLabel('Confirm within').fill('6s');
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    const trial = page.getByRole('region', { name: 'Confirmation' });
    await trial.waitFor();
    expect(await weights()).toEqual(['5', '1']);
    await trial.waitFor({ state: 'hidden' });
    await expectWeights('1', '1');
  });
});

test('edits in the form, keeps what was tried, and rolls back', async () => {
  await visit(browser, wide, async (page) => {
    await logIn(page, ground.origin, ground.tokens.edit);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: /^web / }).click();
    const server = page.getByRole('group', { name: 'web02' });
    await server.getByLabel('Weight').fill('9');
    await server.getByLabel('Weight').press('Enter');
    await page.getByText('-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 9').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('region', { name: 'Confirmation' }).getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('region', { name: 'Confirmation' }).waitFor({ state: 'hidden' });
    await expectWeights('1', '9');

    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('button', { name: 'Roll back 1', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expectWeights('1', '1');
  });
});

test('of two editors the second sees what the first has done, and keeps his own', async () => {
  await visit(browser, { ...wide, expected: /status of 40[19]/ }, async (first) => {
    await logIn(first, ground.origin, ground.tokens.edit);
    await first.getByRole('link', { name: 'Edit' }).click();
    const text = first.getByLabel('Text of lvs.yaml');
    await text.fill((await text.inputValue()).replace('weight: 1', 'weight: 3'));
    await first.getByText('-w 3').first().waitFor();

    await visit(browser, wide, async (second) => {
      await logIn(second, ground.origin, ground.tokens.edit);
      await second.getByRole('link', { name: 'Edit' }).click();
      const other = second.getByLabel('Text of lvs.yaml');
      await other.fill((await other.inputValue()).replace('name: web02', 'name: web02, weight: 4'));
      await second.getByText('-w 4').first().waitFor();
      await second.getByRole('button', { name: 'Apply' }).click();
      await second.getByLabel('Roll back unless I confirm').uncheck();
      await second.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
      await second.getByRole('dialog').waitFor({ state: 'hidden' });
      await expectWeights('1', '4');
    });

    await first.getByRole('button', { name: 'Apply' }).click();
    await first.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    const conflict = first.getByRole('dialog', { name: 'Somebody else was faster' });
    await conflict.getByText('name: web02, weight: 4').waitFor();
    await expectWeights('1', '4');
    await conflict.getByRole('button', { name: 'Discard mine' }).click();
    await conflict.waitFor({ state: 'hidden' });
    await first.waitForFunction("document.querySelector('textarea').value.includes('weight: 4')");
  });
});

test('who may look sees no actions', async () => {
  await visit(browser, wide, async (page) => {
    await logIn(page, ground.origin, ground.tokens.view);
    await openService(page);
    await row(page, 'web01').waitFor();
    expect(await page.getByRole('button', { name: /Drain|Ready|weight|Maintenance/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'web01' }).click();
    await page.getByRole('dialog').getByRole('table').first().waitFor();
    expect(await page.getByRole('dialog').getByRole('button').allTextContents()).toEqual(['✕']);
    await page.keyboard.press('Escape');
    for (const name of ['Directors', 'Connections', 'Doctor', 'History']) {
      await page.getByRole('link', { name }).click();
      await heading(page, name).waitFor();
    }
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /Roll back/ }).count()).toBe(0);
  });
});

test('counts connections by client, and says what is wrong with the machine', async () => {
  await visit(browser, wide, async (page) => {
    await ground.run('talks 12 && echo $talker >/tmp/talker');
    await logIn(page, ground.origin, ground.tokens.view);
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByLabel('Client', { exact: true }).fill('192.0.2.9');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('12 connections').waitFor();
    await page.getByRole('table').getByText('ESTABLISHED').first().waitFor();
    await page.getByLabel('Show').selectOption({ label: 'Counts by server' });
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('row').filter({ hasText: '10.0.0.17:80' }).getByText('50 %').waitFor();
    await ground.run('kill $(cat /tmp/talker)');

    await page.getByRole('link', { name: 'Doctor' }).click();
    await page
      .getByRole('status')
      .getByText(/No findings|\d+ findings?/)
      .waitFor();
  });
});

test('the daemon starts again: the page goes on by itself', async () => {
  await visit(browser, { ...wide, expected: /status of 401|ERR_|Failed to load/ }, async (page) => {
    await logIn(page, ground.origin, ground.tokens.view);
    await row(page, 'web').waitFor();
    await ground.run('asks director stop');
    await page.getByText(/^Not connected since/).waitFor();
    await ground.run('daemon');
    // Sessions end with the daemon.
    await heading(page, 'Log in').waitFor();
    await page.getByLabel('Token').fill(ground.tokens.view);
    await page.keyboard.press('Enter');
    await row(page, 'web').getByText('2 up').waitFor();
  });
});

async function expectWeights(...wanted: string[]): Promise<void> {
  const until = Date.now() + 5000;
  let found = await weights();
  while (found.join() !== wanted.join() && Date.now() < until) found = await weights();
  expect(found).toEqual(wanted);
}
