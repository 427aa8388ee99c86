/** Plays docs/director.md, tasks.md and web.md: every command prints what the page shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { playPage, stepsOf } from './page';

/** Each page, with its blocks of code that only describe a file. */
const pages: readonly (readonly [name: string, others: readonly string[]])[] = [
  // A file with all kinds of fields: test/state/document/configuration.test.ts.
  ['director', ['```yaml']],
  ['tasks', []],
  // ssh, a certificate, and commands that do not end.
  ['web', ['```', '```yaml', '```']],
];

describe.each(pages)('docs/%s.md', (name, described) => {
  const page = readFileSync(join(__dirname, `../../../docs/${name}.md`), 'utf8');

  test('every block of code is played, or is one that only describes a file', () => {
    const fences = page.split('\n').filter((line) => line.startsWith('```'));
    const openings = fences.filter((_, index) => index % 2 === 0);
    const others = openings.filter((line) => !/^```(console|(yaml|sh|conf) [\w.-]+)$/.test(line));
    expect(others).toEqual(described);
  });

  test('its commands print what it shows', async () => {
    const commands = stepsOf(page).flatMap((step) => ('command' in step ? [step] : []));
    expect(commands.length).toBeGreaterThan(15);
    const outputs = await playPage(stepsOf(page));
    const played = commands.map(({ place, command }, index) => `${place}# ${command}\n${outputs[index]}`);
    expect(played).toEqual(commands.map(({ place, command, shown }) => `${place}# ${command}\n${shown}`));
  }, 600_000);
});
