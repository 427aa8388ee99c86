import { execFileSync } from 'node:child_process';
import { type BackendName, openLab } from '../lab';
import { type Arguments, readArguments, usage } from './arguments';
import { playStory, programs } from './play';
import { showPage } from './show-page';
import { stories } from './stories';
import { formatStep, type Story, type StoryReport } from './story';

/** Plays a story for new users: runs its steps in a real kernel, and prints each command with its output. */
async function main(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv);
  if ('problem' in read) {
    process.stderr.write(`quickstart: ${read.problem}\n${usage}`);
    return 2;
  }
  if ('list' in read) {
    process.stdout.write(listed());
    return 0;
  }
  return await play(read);
}

function write(text: string): void {
  process.stdout.write(text);
}

function listed(): string {
  const width = Math.max(...Object.keys(stories).map((name) => name.length));
  return Object.entries(stories)
    .map(([name, { summary }]) => `${name.padEnd(width)}  ${summary}\n`)
    .join('');
}

async function play({ name, program }: Arguments): Promise<number> {
  const story: Story = stories[name];
  if (story.needsNftables && process.env.IPVSADM_LAB === 'uml') {
    throw new Error(`${name} needs nftables for IPv4, which uml has not: set IPVSADM_LAB to qemu or host`);
  }
  if (story.needsKeepalived || story.needsEtcd) buildNative();
  const lab = await openLab(kernelFor(story));
  try {
    if (story.page) return await showPage(lab, story, story.page, (report) => write(format(report, story)));
    const report = await playStory(lab, story, programs[program]);
    write(format(report, story));
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    await lab.close();
  }
}

/** Directors that share VIPs need what only the native executable sends: announcements, questions, a guard. */
function buildNative(): void {
  execFileSync('npm', ['run', '--silent', 'build:native'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The kernel of User-Mode Linux has no nftables for IP: then Debian's, unless IPVSADM_LAB says another. */
function kernelFor({ needsNftables }: Story): { backend?: BackendName } {
  return needsNftables && !process.env.IPVSADM_LAB ? { backend: 'qemu' } : {};
}

function format({ sections, problems }: StoryReport, { conclusion }: Story): string {
  const shown = sections
    .filter(({ steps }) => steps.length > 0)
    .map(({ title, text = [], steps }) => {
      const explained = text.map((line) => `${line}\n`).join('');
      return `\n== ${title}\n\n${explained}${explained && '\n'}${steps.map(formatStep).join('')}`;
    });
  const verdict = problems.length === 0 ? conclusion : problems.map((problem) => `Problem: ${problem}`);
  return `${shown.join('')}\n${verdict.join('\n')}\n`;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    process.stderr.write(`quickstart: ${error.message}\n`);
    process.exitCode = 1;
  },
);
