import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { parseContext } from '../../classic/parse';
import { kernelSentence } from '../../errors/kernel-messages';
import type { Change } from '../../model/change';
import { Names } from '../../platform/names';
import type { System } from '../../platform/system';
import { placed } from '../document/read';
import { formatProblems, isError, type Problem } from '../source/diagnostics';
import type { Path } from '../source/tree';
import { checkState } from '../table/check';
import type { TableState } from '../table/table-state';
import { readRules } from './read';

/** Rules that were checked completely. Texts have one character for each byte. */
export interface CheckedRules {
  /** What is wrong, with places; '' if nothing is. */
  readonly report: string;
  /** Whether the kernel may accept the rules: there are at most warnings. */
  readonly good: boolean;
  /** The table that they make of an empty one. */
  readonly state: TableState;
  /** The kinds of sync daemons that they start or stop (`daemonStates`). */
  readonly daemonStates: ReadonlySet<number>;
  /** The report on changes that the kernel refused, each at the rule that makes it. */
  refusals(refused: readonly RefusedRule[]): string;
}

interface RefusedRule {
  readonly change: Change;
  /** Of what the change makes, in `state`. */
  readonly path: Path;
  /** Positive. */
  readonly errno: number;
}

/** Checks rules that are to be a complete table. @param bytes one character for each byte. */
export async function checkRules(bytes: string, system: System): Promise<CheckedRules> {
  const source = { name: '(standard input)', text: unicodeFromBytes(bytes) };
  const reading = await readRules(source.text, parseContext(system, new Names(system)), true, true);
  const findings = placed(checkState(reading.state), reading.places);
  const problems = [...reading.problems, ...findings].filter(({ severity }) => severity !== 'note');
  const text = (list: readonly Problem[]) => bytesFromUnicode(formatProblems(source, list).trimEnd());
  return {
    report: text(problems),
    good: !problems.some(isError),
    state: reading.state,
    daemonStates: new Set(
      (reading.requests ?? []).flatMap(({ request }) =>
        request.kind === 'start-daemon' || request.kind === 'stop-daemon' ? [request.daemon.state] : [],
      ),
    ),
    refusals: (refused) => {
      const spans = reading.places(refused.map(({ path }) => path));
      return text(
        refused.map(({ change, errno }, index) => ({
          span: spans[index],
          message: kernelSentence(change.kind, errno),
          severity: 'error',
        })),
      );
    },
  };
}
