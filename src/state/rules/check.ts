import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { parseContext } from '../../classic/parse';
import { kernelSentence } from '../../errors/kernel-messages';
import { isChange } from '../../ipvs/change';
import type { Change } from '../../model/change';
import { Names } from '../../platform/names';
import type { System } from '../../platform/system';
import { placed } from '../document/read';
import { formatProblems, isError, type Problem } from '../source/diagnostics';
import { checkState } from '../table/check';
import { readRules } from './read';

/** Rules that were checked completely. Texts have one character for each byte. */
export interface CheckedRules {
  /** What is wrong, with places; '' if nothing is. */
  readonly report: string;
  /** Whether the kernel may accept the rules: there are at most warnings. */
  readonly good: boolean;
  /** What the rules change, in order. */
  readonly changes: readonly Change[];
  /**
   * The report on changes that the kernel refused.
   * @param errnos for each change 0, or the errno (positive).
   */
  refusals(errnos: readonly number[]): string;
}

/** Checks rules that are to be a complete table. @param bytes one character for each byte. */
export async function checkRules(bytes: string, system: System): Promise<CheckedRules> {
  const source = { name: '(standard input)', text: unicodeFromBytes(bytes) };
  const reading = await readRules(source.text, parseContext(system, new Names(system)), true, true);
  const findings = placed(checkState(reading.state), reading.places);
  const problems = [...reading.problems, ...findings].filter(({ severity }) => severity !== 'note');
  const changes = (reading.requests ?? []).flatMap(({ request, span }) =>
    isChange(request) ? [{ change: request, span }] : [],
  );
  const text = (list: readonly Problem[]) => bytesFromUnicode(formatProblems(source, list).trimEnd());
  return {
    report: text(problems),
    good: !problems.some(isError),
    changes: changes.map(({ change }) => change),
    refusals: (errnos) =>
      text(
        changes.flatMap(({ change, span }, index): Problem[] => {
          const errno = errnos[index] ?? 0;
          if (errno === 0) return [];
          return [{ span, message: kernelSentence(change.kind, errno), severity: 'error' }];
        }),
      ),
  };
}
