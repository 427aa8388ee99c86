import { requestCommands } from '../../src/command-line/command-table';
import { globalOptions } from '../../src/command-line/global-options';
import { legalOptions } from '../../src/command-line/legal-options';
import { options } from '../../src/command-line/options';
import { commands as tree } from '../../src/commands/tree';
import { completionScripts } from '../../src/completion/scripts';
import { completionTable } from '../../src/completion/table';

const rows = completionTable(tree)
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

test('every row has the cells of its kind', () => {
  const cells: Record<string, number> = { word: 3, classic: 4, option: 5, argument: 3, global: 3 };
  expect(rows.filter((row) => row.length !== cells[row[0]!])).toEqual([]);
});

test('every command is there in both spellings, with the options that it takes', () => {
  const named = (kind: string, column: number) =>
    rows.filter((row) => row[0] === kind).map((row) => row[column]);
  expect(named('classic', 2)).toEqual(requestCommands.map(({ long }) => `--${long}`));
  const words = Object.keys(tree).filter((id) => !tree[id]!.hidden);
  expect(named('word', 1)).toEqual(['help', ...words.map((id) => id.replaceAll(':', ' '))]);
  for (const { name, long } of requestCommands) {
    const taken = options.filter((option) => option.name && legalOptions[name].has(option.name));
    const offered = rows.filter(([kind, context]) => kind === 'option' && context === `--${long}`);
    expect(offered.map(([, , names]) => names!.split(' ')[0])).toEqual(
      expect.arrayContaining(taken.map((option) => `--${option.long}`)),
    );
  }
  for (const id of words) {
    const offered = rows.filter(
      ([kind, context]) => kind === 'option' && context === id.replaceAll(':', ' '),
    );
    const flags = Object.entries(tree[id]!.flags ?? {}).filter(([, flag]) => !flag.hidden);
    const names = [...Object.keys(globalOptions), ...flags.map(([name]) => name)];
    const expected = [...new Set(names)].map((name) => `--${name}`);
    expect(offered.map(([, , spelling]) => spelling!.split(' ')[0])).toEqual(expected);
  }
});

test('an option whose values are known says them in its summary, too', () => {
  const unsaid = options.filter(({ values, summary }) => values?.some((value) => !summary.includes(value)));
  expect(unsaid).toEqual([]);
});

test("quotes in the table are the shells' own", () => {
  const tree = { list: { summary: "the kernel's \\ order", hidden: false, flags: {}, args: {} } };
  expect(completionScripts.bash(tree)).toContain(`the kernel'\\''s \\ order`);
  expect(completionScripts.fish(tree)).toContain(`the kernel\\'s \\\\ order`);
});
