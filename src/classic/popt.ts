/**
 * Command line syntax of the popt library: clusters of letters, values attached or in the next
 * argument, optional values, options and positional arguments in any order.
 */
import type { CommandSpec } from '../command-line/command-table';
import { requestCommands } from '../command-line/command-table';
import type { OptionSpec } from '../command-line/options';
import { options } from '../command-line/options';

type Spec = CommandSpec | OptionSpec;

export type PoptEvent = {
  /** The index of the last argument that belongs to it. */
  readonly index: number;
} & (
  | {
      readonly kind: 'option';
      readonly spec: Spec;
      readonly value: string | undefined;
      /** The last argument that belongs to this option, for messages. */
      readonly element: string;
    }
  | { readonly kind: 'positional'; readonly value: string }
  | {
      readonly kind: 'error';
      readonly element: string;
      readonly problem: 'unknown option' | 'missing argument' | 'option does not take an argument';
    }
);

const byLong = new Map<string, Spec>();
const byLetter = new Map<string, Spec>();
for (const command of requestCommands) {
  byLong.set(command.long, command);
  for (const letter of command.letters) byLetter.set(letter, command);
}
for (const option of options) {
  byLong.set(option.long, option);
  if (option.letter) byLetter.set(option.letter, option);
}

/**
 * Yields the options and positional arguments of `args` in order. Ends after the first error.
 * @param posix whether the first positional argument ends the options (POSIXLY_CORRECT).
 */
export function* popt(args: readonly string[], posix: boolean): Generator<PoptEvent, void> {
  let optionsEnded = false;
  for (let at = 0; at < args.length; at++) {
    const element = args[at]!;
    if (optionsEnded || element === '-' || !element.startsWith('-')) {
      yield { kind: 'positional', value: element, index: at };
      optionsEnded ||= posix;
    } else if (element === '--') {
      optionsEnded = true;
    } else {
      for (const option of optionsIn(element)) {
        const event = eventOf(option, element, args[at + 1], at);
        yield event;
        if (event.kind === 'error') return;
        if (event.tookNext) at += 1;
      }
    }
  }
}

/** An option in an argument, with the value attached to it, without `=`. */
interface AttachedOption {
  readonly spec: Spec | undefined;
  readonly value: string | undefined;
  /**
   * Whether `value` follows `=` and so cannot be more letters: an option without argument refuses
   * it.
   */
  readonly hasExplicitValue: boolean;
}

function* optionsIn(element: string): Generator<AttachedOption, void> {
  if (element.startsWith('--')) {
    const equals = element.indexOf('=');
    const name = element.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? undefined : element.slice(equals + 1);
    yield { spec: byLong.get(name), value, hasExplicitValue: equals >= 0 };
    return;
  }
  for (let at = 1; at < element.length; at++) {
    const spec = byLetter.get(element[at]!);
    const rest = element.slice(at + 1);
    const value = rest === '' ? undefined : rest.replace(/^=/, '');
    yield { spec, value, hasExplicitValue: rest.startsWith('=') };
    if (spec?.argument !== undefined) return;
  }
}

/** The event of one option. Takes the value from the next argument if none is attached. */
function eventOf(
  { spec, value, hasExplicitValue }: AttachedOption,
  element: string,
  next: string | undefined,
  index: number,
): (PoptEvent & { kind: 'option'; tookNext: boolean }) | (PoptEvent & { kind: 'error' }) {
  if (!spec) return { kind: 'error', element, index, problem: 'unknown option' };
  if (spec.argument === undefined) {
    return hasExplicitValue
      ? { kind: 'error', element, index, problem: 'option does not take an argument' }
      : { kind: 'option', spec, value: undefined, element, index, tookNext: false };
  }
  if (value !== undefined) return { kind: 'option', spec, value, element, index, tookNext: false };
  const optional = 'optional' in spec;
  if (next !== undefined && !(optional && next.startsWith('-'))) {
    return { kind: 'option', spec, value: next, element: next, index: index + 1, tookNext: true };
  }
  return optional
    ? { kind: 'option', spec, value: undefined, element, index, tookNext: false }
    : { kind: 'error', element, index, problem: 'missing argument' };
}
