/** The times of health checkers (check_api.c, check_parser.c; parser.c, read_timer). */
import { U32_MAX } from '../../model/limits';
import type { Diagnostics, Word } from '../source/collect';
import type { Checker, Timing } from './checker-model';
import type { Given } from './model';
import { unsignedOf } from './numbers';
import { truth } from './truth';
import type { Words } from './words';

const HOUR = 3_600_000;
/** The longest time that a check of ours may have, in milliseconds. */
export const LONGEST = 24 * HOUR;

/** Seconds with up to six decimals, as milliseconds; undefined if keepalived ignores them. */
export function timerOf(word: Word, least: number, diagnostics: Diagnostics): Given<number> | undefined {
  const match = /^[ \t]*\+?([0-9]{1,12})(?:\.([0-9]*))?$/.exec(word.text);
  const microseconds = match ? Math.round(Number(`${match[1]}.${match[2] ?? ''}0`) * 1e6) : -1;
  if (microseconds < least) {
    diagnostics.warn(
      word,
      `'${word.text}' is no time: keepalived ignores it`,
      'seconds, with up to six decimals',
    );
    return undefined;
  }
  return { value: Math.round(microseconds / 1000), word };
}

type Set = (own: Timing, words: Words, diagnostics: Diagnostics) => void;

/** The statements about times of virtual servers, real servers and checkers. */
export function timingStatements(of: 'server' | 'checker'): Readonly<Record<string, Set>> {
  return {
    delay_loop: (own, words, diagnostics) => set(own, 'delayLoop', timerOf(words[1]!, 1, diagnostics)),
    connect_timeout: (own, words, diagnostics) =>
      set(own, 'connectTimeout', timerOf(words[1]!, 1, diagnostics)),
    delay_before_retry: (own, words, diagnostics) =>
      set(own, 'delayBeforeRetry', timerOf(words[1]!, 0, diagnostics)),
    retry: (own, words, diagnostics) => {
      const least = of === 'server' ? 1 : 0;
      const value = unsignedOf(words[1]!, { min: least, max: U32_MAX }, of === 'checker', diagnostics);
      if (value !== undefined) own.retry = { value, word: words[1]! };
    },
    alpha: (own, [keyword, argument]) => {
      const value = argument ? truth(argument) : true;
      if (value !== undefined) own.alpha = { value, word: keyword };
    },
  };
}

/** The Host of HTTP checks, which servers inherit like times. */
export const virtualhost: Set = (own, [keyword, word], diagnostics) => {
  if (word) own.virtualhost = { value: word.text, word };
  else diagnostics.warn(keyword, "keepalived ignores 'virtualhost' without a name");
};

function set(
  own: Timing,
  name: 'delayLoop' | 'connectTimeout' | 'delayBeforeRetry',
  value: Given<number> | undefined,
): void {
  if (value) own[name] = value;
}

/** What keepalived takes when nothing is given. */
const defaults = { delayLoop: 60_000, connectTimeout: 5000, delayBeforeRetry: 1000, retry: 1 } as const;

/** Those of some checkers; a delay before the next try of 0 is that of the loop. */
const ofCheckers: Readonly<Record<string, { readonly retry?: number; readonly delayBeforeRetry?: number }>> =
  {
    HTTP_GET: { delayBeforeRetry: 3000 },
    SSL_GET: { delayBeforeRetry: 3000 },
    MISC_CHECK: { retry: 0 },
    DNS_CHECK: { retry: 3, delayBeforeRetry: 0 },
  };

export interface CompleteTiming {
  readonly delayLoop: Given<number> & { readonly isDefault?: true };
  readonly connectTimeout: Given<number>;
  readonly delayBeforeRetry: Given<number>;
  readonly retry: Given<number>;
  readonly alpha: Given<boolean>;
}

/** Returns the times of a checker: its own, or those of its real server, virtual server, or type. */
export function timingOf(
  checker: Checker,
  server: Timing | undefined,
  owner: Timing | undefined,
): CompleteTiming {
  const { word } = checker;
  const own = ofCheckers[word.text];
  const of = <K extends keyof Timing>(name: K) => checker[name] ?? server?.[name] ?? owner?.[name];
  const delayLoop = of('delayLoop') ?? { value: defaults.delayLoop, word, isDefault: true as const };
  const delay = own?.delayBeforeRetry ?? defaults.delayBeforeRetry;
  return {
    delayLoop,
    connectTimeout: of('connectTimeout') ?? { value: defaults.connectTimeout, word },
    delayBeforeRetry: of('delayBeforeRetry') ?? (delay === 0 ? delayLoop : { value: delay, word }),
    retry: of('retry') ?? { value: own?.retry ?? defaults.retry, word },
    alpha: of('alpha') ?? { value: false, word },
  };
}
