/** Everything that is wrong with one line of rules, each with its word and what would be right. */
import { type ParseContext, readOption } from '../../classic/parse';
import { type PoptEvent, popt } from '../../classic/popt';
import { requestCommands } from '../../command-line/command-table';
import { type OptionName, type OptionSpec, options } from '../../command-line/options';
import { applyDaemonState, newSettings } from '../../command-line/settings';
import { toRequest } from '../../command-line/settings-to-request';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { Problem } from '../source/diagnostics';
import { nearest } from '../source/suggest';
import { type RuleLine, wholeLine, wordOfOption } from './line';

/** The problems of a line that `parseCommandLine` refuses. @throws NameNeeded. */
export function explainRule(line: RuleLine, context: ParseContext): Problem[] {
  const events = [
    ...popt(
      line.words.map(({ text }) => text),
      context.posix,
    ),
  ];
  const problems = events
    .filter((event) => event.kind === 'error')
    .map((event) => syntaxProblem(line, event));
  const first = events.find((event) => event.kind !== 'positional');
  if (first?.kind !== 'option' || !('letters' in first.spec)) {
    if (problems.length > 0 && first?.kind === 'error') return problems;
    return [
      {
        span: line.words[first?.index ?? 0],
        message: 'a rule begins with a command',
        hint: 'such as -A (service) or -a (real server)',
        severity: 'error',
      },
    ];
  }
  const settings = newSettings(first.spec.name);
  const attempt = (index: number, work: () => void, hint?: string) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof IpvsadmError)) throw error;
      problems.push({ span: line.words[index], message: error.message.trimEnd(), hint, severity: 'error' });
    }
  };
  const { value } = first;
  if (value !== undefined) attempt(first.index, () => applyDaemonState(settings, value), 'master or backup');
  const positional: string[] = [];
  for (const event of events) {
    if (event === first || event.kind === 'error') continue;
    const hint = event.kind === 'option' && !('letters' in event.spec) ? hintOf(event.spec) : undefined;
    attempt(event.index, () => readOption(event, settings, positional, context), hint);
  }
  if (problems.length > 0) return problems;
  try {
    toRequest(settings, positional);
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    problems.push({ span: blamed(line, error.message), message: error.message, severity: 'error' });
  }
  return problems;
}

function syntaxProblem(line: RuleLine, event: PoptEvent & { kind: 'error' }): Problem {
  const spellings = [...requestCommands, ...options].map(({ long }) => `--${long}`);
  const hint =
    event.problem === 'unknown option' && event.element.startsWith('--')
      ? nearest(event.element.replace(/=.*/s, ''), spellings)
      : undefined;
  return {
    span: line.words[event.index],
    message: `${event.element}: ${event.problem}`,
    hint,
    severity: 'error',
  };
}

/** How an option is spelt and what it takes. */
function hintOf({ letter, long, argument, summary }: OptionSpec): string {
  return `${letter ? `-${letter}` : `--${long}`}${argument ? ` ${argument}` : ''}: ${summary}`;
}

/** Which options the sentences about a whole line are about. */
const blame: readonly (readonly [sentence: RegExp, options: readonly OptionName[]])[] = [
  [/^Zero port/, ['service-address']],
  [/^One-Packet/, ['ops']],
  [/scheduler flag/, ['sched-flags']],
  [/^Different address family/, ['real-server']],
  [/^Tunnel options conflict/, ['tun-type', 'tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum']],
];

/** The word that a sentence about the whole line is told at. */
function blamed(line: RuleLine, message: string) {
  const named = /(?:Illegal|The option) '([a-z-]+)'/.exec(message)?.[1];
  const quoted = /(?:unexpected argument |timeout value `)([^']*)/.exec(message)?.[1];
  const word = line.words.find(({ text }) => text === quoted);
  const names = named
    ? [named as OptionName]
    : (blame.find(([sentence]) => sentence.test(message))?.[1] ?? []);
  return word ?? wordOfOption(line, names) ?? wholeLine(line);
}
