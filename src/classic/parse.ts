import type { CommandSpec } from '../command-line/command-table';
import type { Request } from '../command-line/request';
import { applyDaemonState, applyOption, newSettings, type Settings } from '../command-line/settings';
import { toRequest } from '../command-line/settings-to-request';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError, usageError } from '../errors/ipvsadm-error';
import type { NameSource } from '../platform/names';
import type { System } from '../platform/system';
import { type PoptEvent, popt } from './popt';

/** What parsing a command line in classic syntax depends on. */
export interface ParseContext {
  /** argv[0], for the message that refers to the help. */
  readonly programName: string;
  /** Whether the first positional argument ends the options (POSIXLY_CORRECT). */
  readonly posix: boolean;
  readonly names: NameSource;
}

/** The context for every command line of this process. */
export function parseContext(system: System, names: NameSource): ParseContext {
  return {
    programName: system.programName,
    posix: ['POSIXLY_CORRECT', 'POSIX_ME_HARDER'].some((name) => system.environment(name) !== undefined),
    names,
  };
}

/**
 * An unknown option or a missing value after the command. Unlike other errors, it does not end a
 * restore.
 */
export class OptionSyntaxError extends IpvsadmError {
  constructor(element: string, problem: string) {
    super(`${element}: ${problem}`, exitStatus.refused);
  }
}

/**
 * Parses a command line in classic syntax. Errors are found in ipvsadm's order: first each option
 * from the left, then the options together.
 * @throws IpvsadmError with ipvsadm's message and status; NameNeeded (platform/names.ts).
 */
export function parseCommandLine(args: readonly string[], context: ParseContext): Request {
  if (args.length === 0) return toRequest(newSettings('list'), []);
  const events = popt(args, context.posix);
  const positional: string[] = [];
  const command = readCommand(events, positional, context);
  if (command.name === 'help' || command.name === 'version') return { kind: command.name };
  const settings = newSettings(command.name);
  if (command.value !== undefined) applyDaemonState(settings, command.value);
  for (const event of events) readOption(event, settings, positional, context);
  return toRequest(settings, positional);
}

/** The first option, which must be a command. Collects positional arguments before it. */
function readCommand(
  events: Iterator<PoptEvent>,
  positional: string[],
  context: ParseContext,
): { name: CommandSpec['name']; value: string | undefined } {
  for (let next = events.next(); !next.done; next = events.next()) {
    const event = next.value;
    if (event.kind === 'positional') positional.push(event.value);
    else if (event.kind === 'option' && 'letters' in event.spec) {
      return { name: event.spec.name, value: event.value };
    } else break;
  }
  throw helpHint(context.programName);
}

/** The error for a command line that does not begin with a command. */
export function helpHint(programName: string): IpvsadmError {
  return new IpvsadmError(
    `Try \`${programName} -h' or '${programName} --help' for more information.`,
    exitStatus.refused,
  );
}

/**
 * Applies an event after the command to `settings` or `positional`.
 * @throws IpvsadmError, NameNeeded.
 */
export function readOption(
  event: PoptEvent,
  settings: Settings,
  positional: string[],
  context: ParseContext,
): void {
  if (event.kind === 'positional') positional.push(event.value);
  else if (event.kind === 'error') throw new OptionSyntaxError(event.element, event.problem);
  else if ('letters' in event.spec) throw usageError(`invalid option \`${event.element}'`);
  else applyOption(settings, event.spec, event.value, context.names);
}
