/** The page while things happen: many of them, and while the server is away. */
import type { Browser, Page } from 'playwright-core';
import { openBrowser, visit } from './browser';
import { type FakeServer, startFakeServer } from './fake-server';
import { heading, row } from './steps';

jest.setTimeout(60_000);

let browser: Browser;
let server: FakeServer | undefined;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser?.close());
afterEach(() => server?.close());

async function enter(page: Page, at: string, role = 'view'): Promise<void> {
  await page.context().addCookies([{ name: 'role', value: role, url: server!.url }]);
  await page.goto(`${server!.url}#${at}`);
}

const SCREENS = 100;

/** Scrolls by so many screens, one in each frame; returns how long frames took, and how many rows there were. */
const scrolling = `new Promise((resolve) => {
  const frames = [];
  let [left, last, most] = [${SCREENS}, performance.now(), 0];
  const step = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    most = Math.max(most, document.querySelectorAll('tbody tr').length);
    if (left-- === 0) return resolve({ frames: frames.slice(1), most, end: scrollY });
    scrollBy(0, innerHeight);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

test.each([
  ['10,000 services', { services: 10_000, servers: 1 }, '/'],
  ['a service of 10,000 real servers', { services: 1, servers: 10_000 }, '/service/tcp:192.0.2.10:80'],
])('%s scroll smoothly, because few of them are made', async (_, size, at) => {
  server = await startFakeServer({ ...size, step: 3_600_000 });
  await visit(browser, { viewport: { width: 1280, height: 800 } }, async (page) => {
    await enter(page, at);
    await page.getByRole('row').nth(5).waitFor();
    expect(await page.getByRole('table').first().getAttribute('aria-rowcount')).toBe('10001');
    const { frames, most, end } = await page.evaluate<{ frames: number[]; most: number; end: number }>(
      scrolling,
    );
    expect(end).toBeGreaterThan(SCREENS * 700);
    expect(most).toBeLessThan(60);
    const slow = frames.filter((time) => time > 100).length;
    expect(slow).toBeLessThan(SCREENS / 4);
    // The rows that are seen after a leap are there, and none is missing.
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.waitForTimeout(200);
    await page.locator('tr[aria-rowindex="10001"]').waitFor();
  });
});

test('a change is seen within a second, without another request', async () => {
  server = await startFakeServer({ step: 3_600_000 });
  await visit(browser, {}, async (page) => {
    await enter(page, '/service/tcp:192.0.2.10:80');
    await row(page, 'web05').getByRole('cell', { name: /^up/ }).waitFor();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const one = server!.daemon.find('web')!.servers[4]!;
    one.state = 'down';
    const began = Date.now();
    server!.daemon.happened({ kind: 'server-down', text: 'web/web05 is down' });
    server!.daemon.tell();
    await row(page, 'web05').getByRole('cell', { name: /^down/ }).waitFor();
    expect(Date.now() - began).toBeLessThan(1000);
    expect(requests.filter((url) => !url.includes('/rates/') && !url.includes('/generations'))).toEqual([]);
  });
});

test('says when the server is away, and goes on when it is back', async () => {
  server = await startFakeServer({ step: 1000 });
  await visit(browser, { expected: /ERR_|Failed to load/ }, async (page) => {
    await enter(page, '/');
    await row(page, 'api').waitFor();
    server!.down();
    await page
      .getByRole('alert')
      .getByText(/^Not connected since \d\d:\d\d:\d\d/)
      .waitFor();
    server!.daemon.alarms = ['the disk is full'];
    server!.up();
    await page.getByRole('alert').getByText('Not connected').waitFor({ state: 'hidden' });
    await page.getByText('the disk is full').waitFor();
  });
});

test('who is logged out meanwhile is asked for a token', async () => {
  server = await startFakeServer({ step: 1000 });
  await visit(browser, { expected: /401|ERR_|Failed to load/ }, async (page) => {
    await enter(page, '/');
    await row(page, 'api').waitFor();
    await page.context().clearCookies();
    server!.down();
    server!.up();
    await heading(page, 'Log in').waitFor();
  });
});

test.each([
  ['view', [], ['Edit']],
  ['operate', ['Drain: web01'], ['Edit']],
  ['edit', ['Drain: web01', 'Edit'], []],
])('the role %s is offered what it may', async (role, has, lacks) => {
  server = await startFakeServer({ step: 3_600_000 });
  await visit(browser, { viewport: { width: 1280, height: 800 } }, async (page) => {
    await enter(page, '/service/tcp:192.0.2.10:80', role);
    await row(page, 'web01').waitFor();
    const names = await page
      .locator('button, nav a')
      .evaluateAll((all) =>
        (all as unknown as { getAttribute(name: string): string | null; textContent: string }[]).map(
          (one) => one.getAttribute('aria-label') ?? one.textContent.trim(),
        ),
      );
    expect(names).toEqual(expect.arrayContaining([...has, 'Overview', 'Log out']));
    expect(
      names.filter((name) => lacks.includes(name) || (role === 'view' && /Drain|weight|Maint/.test(name))),
    ).toEqual([]);
  });
});

test('a server without a daemon shows what it has', async () => {
  server = await startFakeServer({
    step: 3_600_000,
    cannot: { health: false, document: false, generations: false, directors: false },
  });
  await visit(browser, {}, async (page) => {
    await enter(page, '/', 'edit');
    await row(page, 'api').getByText('16 servers', { exact: true }).waitFor();
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
      'Overview',
      'Connections',
      'Doctor',
      'History',
    ]);
  });
});
