import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';
import { filledPage, playPage, stepsOf } from '../kernel/director/page';
import { type Lab, openLab } from '../lab';
import { filled, quotesIn } from './guide';
import { playStory } from './play';
import { type StoryName, stories } from './stories';
import type { Story } from './story';

/** The pages that are no stories, by their names. */
const taught = new Map(
  ['director', 'tasks', 'web'].map((name) => [name, join(__dirname, `../../docs/${name}.md`)]),
);
const pages = ['docs/guide.md', 'docs/guide.zh.md'].map((path) => join(__dirname, '../..', path));

/**
 * Plays the stories that the guide quotes, or those named, and writes what they show into both pages.
 * `director`, `tasks` and `web` are no stories, but pages of docs/.
 */
async function main(names: readonly string[]): Promise<void> {
  for (const [name, page] of taught) if (names.includes(name)) await fillTaught(page);
  const told = names.filter((name) => !taught.has(name) || Object.hasOwn(stories, name));
  if (told.length > 0 || names.length === 0) await fillGuides(told);
  // Widths of tables follow their contents.
  await runCommand(join(__dirname, '../../node_modules/.bin/biome'), [
    'format',
    '--write',
    ...pages,
    ...taught.values(),
  ]);
}

async function fillTaught(path: string): Promise<void> {
  const lab = await openLab({ backend: 'uml' });
  try {
    const page = readFileSync(path, 'utf8');
    writeFileSync(path, filledPage(page, await playPage(stepsOf(page), lab, true)));
  } finally {
    await lab.close();
  }
}

async function fillGuides(names: readonly string[]): Promise<void> {
  const quotedStories = pages.flatMap((page) =>
    quotesIn(readFileSync(page, 'utf8')).map(({ story }) => story),
  );
  const wanted = names.length > 0 ? names : [...new Set(quotedStories)];
  const unknown = wanted.filter((name) => !Object.hasOwn(stories, name));
  if (unknown.length > 0)
    throw new Error(`${unknown.join(', ')}: there are ${Object.keys(stories).join(', ')}`);
  const labs = new Map<string, Lab>();
  try {
    for (const name of wanted) {
      const story: Story = stories[name as StoryName];
      const backend = story.needsNftables ? 'qemu' : 'uml';
      const lab = labs.get(backend) ?? (await openLab({ backend }));
      labs.set(backend, lab);
      const { sections, problems } = await playStory(lab, story);
      if (problems.length > 0) throw new Error(`${name}: ${problems.join('\n')}`);
      for (const page of pages) writeFileSync(page, filled(readFileSync(page, 'utf8'), name, sections));
    }
  } finally {
    for (const lab of labs.values()) await lab.close();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`update-guide: ${error.message}\n`);
  process.exitCode = 1;
});
