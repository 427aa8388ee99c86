import { requestCommands } from '../../src/command-line/command-table';
import { classicOptions, globalOptions } from '../../src/command-line/global-options';
import { options } from '../../src/command-line/options';
import { helpText, VERSION_LINE } from '../../src/format/version';

const lines = helpText().split('\n');

test('begins with the version line of C', () => {
  expect({ line: VERSION_LINE, first: `${lines[0]}\n` }).toEqual({
    line: 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n',
    first: VERSION_LINE,
  });
});

/** The rest of the help line that begins with `names`, and the next line: one has the summary. */
function summaryAfter(names: RegExp): string {
  const at = lines.findIndex((line) => names.test(line));
  return at < 0 ? '(missing)' : `${lines[at]!.replace(names, '')}\n${lines[at + 1]}`;
}

test.each(requestCommands.map((command) => [command.long, command] as const))(
  'shows the command --%s',
  (long, command) => {
    const letters = [...command.letters].map((letter) => `-${letter}, `).join('');
    const names = new RegExp(`^ +${letters}--${long}(?= |$)`);
    expect(summaryAfter(names)).toContain(command.summary);
  },
);

test.each(options.map((option) => [option.long, option] as const))(
  'shows the option --%s',
  (long, option) => {
    const letter = option.letter ? `-${option.letter}, ` : '';
    const names = new RegExp(`^ +${letter}--${long}(?= |$)`);
    expect(summaryAfter(names)).toContain(option.summary);
  },
);

test.each(Object.entries({ ...globalOptions, ...classicOptions }))(
  'shows the global option --%s',
  (name, { summary }) => {
    expect(summaryAfter(new RegExp(`^ +--${name}(?= |$)`))).toContain(summary);
  },
);

test('fits a hundred columns or so, and has no trailing blanks', () => {
  expect(lines.filter((line) => line.length > 120 || /\s$/.test(line))).toEqual([]);
});
