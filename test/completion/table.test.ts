import { spawnSync } from 'node:child_process';
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
  const cells: Record<string, number> = {
    subcommand: 3,
    classic: 4,
    option: 5,
    former: 5,
    argument: 3,
    global: 3,
  };
  expect(rows.filter((row) => row.length !== cells[row[0]!])).toEqual([]);
});

test('every classic command and every subcommand is there, with the options that it takes', () => {
  const named = (kind: string, column: number) =>
    rows.filter((row) => row[0] === kind).map((row) => row[column]);
  expect(named('classic', 2)).toEqual(requestCommands.map(({ long }) => `--${long}`));
  const subcommands = Object.keys(tree).filter((id) => !tree[id]!.hidden);
  expect(named('subcommand', 1)).toEqual(['help', ...subcommands.map((id) => id.replaceAll(':', ' '))]);
  for (const { name, long } of requestCommands) {
    const taken = options.filter((option) => option.name && legalOptions[name].has(option.name));
    const offered = rows.filter(([kind, context]) => kind === 'option' && context === `--${long}`);
    expect(offered.map(([, , names]) => names!.split(' ')[0])).toEqual(
      expect.arrayContaining(taken.map((option) => `--${option.long}`)),
    );
  }
  for (const id of subcommands) {
    const offered = rows.filter(
      ([kind, context]) => kind === 'option' && context === id.replaceAll(':', ' '),
    );
    const flags = Object.entries(tree[id]!.flags ?? {}).filter(([, flag]) => !flag.hidden);
    const all = [...Object.keys(globalOptions), ...flags.map(([name]) => name)];
    const expected = [...new Set(all)].map((name) => `--${name}`);
    expect(offered.map(([, , names]) => names!.split(' ')[0])).toEqual(expected);
  }
});

test('an option whose values are known names them in its summary, too', () => {
  const incomplete = options.filter(({ values, summary }) =>
    values?.some((value) => !summary.includes(value)),
  );
  expect(incomplete).toEqual([]);
});

const tricky = 'it\'s \\ a `$HOME` \\\' "quoted" %s text';
const trickyTree = { list: { summary: tricky, hidden: false, flags: {}, args: {} } };

test('quotes and backslashes of the table and of the program are escaped as each shell requires', () => {
  const inBash = "it'\\''s \\ a `$HOME` \\'\\'' \"quoted\" %s text";
  const inFish = 'it\\\'s \\\\ a `$HOME` \\\\\\\' "quoted" %s text';
  for (const [shell, quoted] of [
    ['bash', inBash],
    ['zsh', inBash],
    ['fish', inFish],
  ] as const) {
    const script = completionScripts[shell](trickyTree, `# ${tricky}`);
    expect(script).toContain(`\tlist\t${quoted}\n`);
    expect(script).toContain(`awk '# ${quoted}'`);
  }
});

test.each(['bash', 'zsh', 'fish'] as const)(
  '%s passes table and program on unchanged, where there is one',
  (shell) => {
    const program = `# ${tricky}\n{ print }`;
    const script = completionScripts[shell](trickyTree, program);
    const [candidates] = /^(function |_).*_candidates[\s\S]*?\n(\}|end)$/m.exec(script)!;
    const call = shell === 'fish' ? '__ipvsadm_candidates' : '_ipvsadm_candidates';
    const { stdout, error } = spawnSync(shell, ['-c', `${candidates}\n${call}`], { encoding: 'utf8' });
    if (!error) expect(stdout).toBe(completionTable(trickyTree));
  },
);
