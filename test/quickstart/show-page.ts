/** Plays a story that has a web page, and leaves the page open for a browser of this machine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab';
import { openTunnel, type Tunnel } from '../lab/tunnel';
import { programs, reportOf, storyScript } from './play';
import type { Section, Story, StoryPage, StoryReport } from './story';

/** As long as somebody looks. */
const A_DAY = 86_400;
/** Something to look at: a server that dies and comes back. */
const DIES = `while :; do
  sleep 25
  kill -9 $(cat /tmp/real2.pid)
  sleep 8
  nsenter --net=/run/netns/real2 serve real2 80
done >/dev/null 2>&1 &`;

/** @param tell prints what the story showed. @returns the exit status. */
export async function showPage(
  lab: Lab,
  story: Story,
  page: StoryPage,
  tell: (report: StoryReport) => void,
): Promise<number> {
  const machines = stepsOf(story.sections.slice(0, page.after));
  const setUp = `{ ${storyScript(programs.node, machines)}\n} >/tmp/made\nset -- nsenter --net=/run/netns/${page.place}`;
  const tunnel = await openTunnel(lab, setUp, A_DAY);
  try {
    const port = await tunnel.forward();
    const rest = stepsOf(story.sections.slice(page.after)).map((step) => ({
      ...step,
      command: step.command.replaceAll(page.port, String(port)),
    }));
    const made = await tunnel.run('cat /tmp/made');
    const played = await tunnel.run(`${storyScript('', rest)}\n${DIES}`);
    const report = reportOf(story, made + played, '');
    tell(report);
    if (report.problems.length > 0) return 1;
    await look(`http://127.0.0.1:${port}/`, tokenOf(report, page));
    return 0;
  } finally {
    await close(tunnel);
  }
}

function stepsOf(sections: readonly Section[]) {
  return sections.flatMap((section) => section.steps);
}

function tokenOf({ sections }: StoryReport, page: StoryPage): string {
  const steps = sections.flatMap((section) => section.steps);
  return steps.find(({ id }) => id === page.token)!.output.trim();
}

/** Where there is a screen, somebody looks until a signal; elsewhere pictures are taken. */
async function look(address: string, token: string): Promise<void> {
  const link = `${address}#token=${token}`;
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.stdin.isTTY) {
    process.stdout.write(`\nThe page: ${link}\nCtrl-C ends it.\n`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    return;
  }
  process.stdout.write('\nThere is no screen here: pictures are taken.\n');
  const { openBrowser } = await import('../web/browser');
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-page-'));
  const browser = await openBrowser();
  try {
    const view = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    for (const [name, at] of Object.entries(pictures)) {
      await view.goto(name === 'overview' ? link : `${address}#${at}`);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const path = join(folder, `${name}.png`);
      await view.screenshot({ path });
      process.stdout.write(`${path}\n`);
    }
  } finally {
    await browser.close();
  }
}

const pictures = {
  overview: '/',
  service: '/service/tcp:192.0.2.10:80',
  edit: '/edit',
  history: '/history',
} as const;

async function close(tunnel: Tunnel): Promise<void> {
  await Promise.race([tunnel.close(), new Promise((resolve) => setTimeout(resolve, 3000).unref())]);
}
