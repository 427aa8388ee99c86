/** Everything that is wrong with one line of rules: the word to blame, and what would be right. */
import { type ParseContext, readOption } from '../../classic/parse';
import { type PoptEvent, popt } from '../../classic/popt';
import { CommandLineError, type Subject } from '../../command-line/command-line-error';
import { requestCommands } from '../../command-line/command-table';
import { type OptionSpec, options } from '../../command-line/options';
import { applyDaemonState, newSettings } from '../../command-line/settings';
import { toRequest } from '../../command-line/settings-to-request';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { Problem, Span } from '../source/diagnostics';
import { nearest } from '../source/suggest';
import { findOption, type RuleLine, wholeLine } from './line';

/**
 * The problems of a line that `parseCommandLine` refuses: every option that is refused; if there is
 * none, what is wrong with the options together.
 * @throws NameNeeded.
 */
export function explainRule(line: RuleLine, context: ParseContext): Problem[] {
  const args = line.words.map(({ text }) => text);
  const events = [...popt(args, context.posix)];
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
    const word = error instanceof CommandLineError ? wordOf(error.subject, line, events) : undefined;
    problems.push({ span: word ?? wholeLine(line), message: error.message, severity: 'error' });
  }
  return problems;
}

function syntaxProblem(line: RuleLine, event: PoptEvent & { kind: 'error' }): Problem {
  const longOptions = [...requestCommands, ...options].map(({ long }) => `--${long}`);
  const hint =
    event.problem === 'unknown option' && event.element.startsWith('--')
      ? nearest(event.element.replace(/=.*/s, ''), longOptions)
      : undefined;
  return {
    span: line.words[event.index],
    message: `${event.element}: ${event.problem}`,
    hint,
    severity: 'error',
  };
}

/** An option with its argument, and its summary. */
function hintOf({ letter, long, argument, summary }: OptionSpec): string {
  return `${letter ? `-${letter}` : `--${long}`}${argument ? ` ${argument}` : ''}: ${summary}`;
}

/**
 * The word that an error is about; undefined when the line does not have it, as for a missing
 * option.
 */
function wordOf(subject: Subject, line: RuleLine, events: readonly PoptEvent[]): Span | undefined {
  const event =
    'positional' in subject
      ? events.filter(({ kind }) => kind === 'positional')[subject.positional]
      : findOption(events, subject.options);
  return event && line.words[event.index];
}
