/** The manual, read by man-db as a user's would be. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requestCommands } from '../../src/command-line/command-table';
import { options } from '../../src/command-line/options';
import { commands as wordCommands } from '../../src/commands/tree';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { debianRoot, enterRoot } from './debian-roots';

const lab = connectLab();
const pages = readdirSync(join(checkout, 'dist/man'));

let root: string;
beforeAll(async () => {
  root = await debianRoot('tools');
}, 300_000);

async function inRoot(command: string) {
  const { stdout, stderr, status } = await lab.run({ script: `${enterRoot(root)}${command}` });
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

test('there is a page for each of the three programs', () => {
  expect(pages.sort()).toEqual(['ipvsadm-restore.8', 'ipvsadm-save.8', 'ipvsadm.8']);
});

test.each(pages)(
  '%s renders without a warning, and whatis finds its one line',
  async (page) => {
    const file = `/project/dist/man/${page}`;
    const rendered = await inRoot(`in_root man --warnings -E UTF-8 -l -Tutf8 -Z ${file} >/dev/null`);
    expect(rendered).toEqual({ stdout: '', stderr: '', status: 0 });
    const { stdout, stderr } = await inRoot(`in_root lexgrog ${file}`);
    const name = page.replace('.8', '');
    expect({ found: stdout.startsWith(`${file}: "${name} - `), stderr }).toEqual({ found: true, stderr: '' });
  },
  60_000,
);

test('ipvsadm(8) explains every command and every option, in both spellings', async () => {
  const { stdout: text } = await inRoot('in_root env MANWIDTH=300 man -P cat -l /project/dist/man/ipvsadm.8');
  const tags = text.split('\n').flatMap((line) => /^ {7,}(?=-|ipvsadm )(\S.*)/.exec(line)?.[1] ?? []);
  // A name is followed by a comma, a value in capitals, or the text.
  const entries = new Set(
    tags.flatMap((tag) => (tag.startsWith('-') ? tag.split(/,? /) : tag.split(/ +\[?[A-Z]/, 1))),
  );
  const expected = [
    ...requestCommands.flatMap(({ letters, long }) => [
      ...[...letters].map((letter) => `-${letter}`),
      `--${long}`,
    ]),
    ...options.flatMap(({ letter, long }) => [...(letter ? [`-${letter}`] : []), `--${long}`]),
    ...Object.keys(wordCommands)
      .filter((id) => !wordCommands[id]!.hidden)
      .map((id) => `ipvsadm ${id.replaceAll(':', ' ')}`),
  ];
  expect(expected.filter((name) => !entries.has(name))).toEqual([]);
  const flags = Object.values(wordCommands).flatMap(({ flags = {} }) =>
    Object.keys(flags).filter((name) => !flags[name]!.hidden),
  );
  expect(flags.filter((flag) => !text.includes(`--${flag}`) && !text.includes(`--[no-]${flag}`))).toEqual([]);
}, 60_000);
