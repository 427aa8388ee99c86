import { type CommandSpec, requestCommands } from '../command-line/command-table';
import { classicOptions, type GlobalOption, globalOptions } from '../command-line/global-options';
import { legalOptions } from '../command-line/legal-options';
import { type OptionSpec, options } from '../command-line/options';

/**
 * The text that `ipvsadm -h` prints after the version line: every command with its options, every
 * option, examples. It is ours, not the C program's (docs/compatibility.md, help-text).
 */
export function formatHelp(): string {
  return `${[
    'ipvsadm administers LVS (IPVS), the load balancer in the Linux kernel.',
    '',
    'Usage: ipvsadm COMMAND [OPTION]...         classic syntax, see below',
    '       ipvsadm SUBCOMMAND [--OPTION]...    subcommands: ipvsadm help',
    '       ipvsadm                             lists the table',
    '',
    'Commands:',
    ...requestCommands.flatMap(commandLines),
    '',
    'Options:',
    ...options.map((option) => row(optionWithValue(option), option.summary)),
    '',
    'Before everything else (not in the C program):',
    ...Object.entries<GlobalOption>({ ...globalOptions, ...classicOptions }).map(
      ([name, { argument, summary }]) => row(`    --${name}${argument ? ` ${argument}` : ''}`, summary),
    ),
    '',
    'SERVICE is one of -t, -u, --sctp-service ADDRESS:PORT or -f MARK [-6]. An IPv6 address with a port',
    'needs brackets: [2001:db8::1]:80. Editing resets every option that is not given.',
    '',
    'Examples:',
    '  ipvsadm -A -t 192.0.2.10:80 -s wrr -p 300     a service that keeps clients for five minutes',
    '  ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.17 -g   a real server reached by direct routing',
    '  ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 3',
    '  ipvsadm -ln --stats                           counters, without looking up names',
    '  ipvsadm -Sn > rules; ipvsadm -R < rules       save and restore',
    '  ipvsadm --set 900 120 300                     timeouts of TCP, TCP after FIN, UDP',
  ].join('\n')}\n`;
}

function commandLines(command: CommandSpec): string[] {
  const letters = [...command.letters].map((letter) => `-${letter}`).join(', ');
  const value = command.argument ?? command.positional;
  const names = `${letters ? `${letters}, ` : '    '}--${command.long}${value ? ` ${value}` : ''}`;
  return [row(names, command.summary), ...wrapped(optionsOf(command))];
}

/** The options of a command: required ones bare, the others in brackets. */
export function takenOptions(command: CommandSpec): string {
  return optionsOf(command).join(' ');
}

function optionsOf(command: CommandSpec): string[] {
  const texts: string[] = [];
  for (const [name, mark] of legalOptions[command.name]) {
    const text =
      name === 'service-address'
        ? 'SERVICE'
        : name === 'forwarding-method'
          ? '-g|-i|-m'
          : options.filter((option) => option.name === name).map(shortest)[0]!;
    texts.push(mark === 'required' ? text : `[${text}]`);
  }
  return texts;
}

function shortest(option: OptionSpec): string {
  const name = option.letter ? `-${option.letter}` : `--${option.long}`;
  if (!option.argument) return name;
  return option.optional ? `${name} [${option.argument}]` : `${name} ${option.argument}`;
}

function optionWithValue(option: OptionSpec): string {
  const value = option.optional ? ` [${option.argument}]` : option.argument ? ` ${option.argument}` : '';
  return `${option.letter ? `-${option.letter}, ` : '    '}--${option.long}${value}`;
}

const COLUMN = 34;

function row(left: string, right: string): string {
  return left.length < COLUMN - 2
    ? `  ${left.padEnd(COLUMN - 2)}${right}`
    : `  ${left}\n${' '.repeat(COLUMN)}${right}`;
}

/** Fills lines of at most 100 columns, indented under a summary, with the items. */
function wrapped(items: readonly string[]): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + item.length <= 100)
      lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(' '.repeat(COLUMN) + item);
  }
  return lines;
}
