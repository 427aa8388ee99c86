import { type CommandSpec, requestCommands } from '../command-line/command-table';
import { classicOptions, type GlobalOption, globalOptions } from '../command-line/global-options';
import { legalOptions } from '../command-line/legal-options';
import { type OptionSpec, options } from '../command-line/options';

/** What `ipvsadm -h` prints behind the version: every command with the options it takes, every option, examples. In our own words. */
export function formatHelp(): string {
  return `${[
    'ipvsadm administers LVS (IPVS), the load balancer in the Linux kernel.',
    '',
    'Usage: ipvsadm COMMAND [OPTION]...      with the spelling below',
    '       ipvsadm WORD... [--OPTION]...    the same in words: ipvsadm help',
    '       ipvsadm                          lists the table',
    '',
    'Commands:',
    ...requestCommands.flatMap(commandLines),
    '',
    'Options:',
    ...options.map((option) => row(optionSpelling(option), option.summary)),
    '',
    'Before everything else, ours, not in C:',
    ...Object.entries<GlobalOption>({ ...globalOptions, ...classicOptions }).map(
      ([name, { argument, summary }]) => row(`    --${name}${argument ? ` ${argument}` : ''}`, summary),
    ),
    '',
    'SERVICE is one of -t, -u, --sctp-service ADDRESS:PORT or -f MARK [-6]. IPv6 addresses stand in',
    'brackets before a port: [2001:db8::1]:80. Editing resets what the command line does not name.',
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
  const spelling = `${letters ? `${letters}, ` : '    '}--${command.long}${value ? ` ${value}` : ''}`;
  const taken = takenOptions(command);
  const line = row(spelling, command.summary);
  return taken === '' ? [line] : [line, ...wrapped(taken)];
}

/** The options that a command takes: required ones bare, the others in brackets. */
export function takenOptions(command: CommandSpec): string {
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
  return texts.join(' ');
}

function shortest(option: OptionSpec): string {
  const name = option.letter ? `-${option.letter}` : `--${option.long}`;
  if (!option.argument) return name;
  return option.optional ? `${name} [${option.argument}]` : `${name} ${option.argument}`;
}

function optionSpelling(option: OptionSpec): string {
  const value = option.optional ? ` [${option.argument}]` : option.argument ? ` ${option.argument}` : '';
  return `${option.letter ? `-${option.letter}, ` : '    '}--${option.long}${value}`;
}

const COLUMN = 34;

function row(left: string, right: string): string {
  return left.length < COLUMN - 2
    ? `  ${left.padEnd(COLUMN - 2)}${right}`
    : `  ${left}\n${' '.repeat(COLUMN)}${right}`;
}

/** Words in lines of at most 100 columns, indented under a summary; brackets are not broken. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.match(/\[[^\]]*\]+|\S+(?: [A-Z][^ ]*)?/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 100)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(' '.repeat(COLUMN) + word);
  }
  return lines;
}
