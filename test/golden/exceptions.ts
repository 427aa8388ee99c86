/**
 * The deliberate differences from the recordings. Each row has its ID in docs/compatibility.md, the
 * recorded command lines to which it applies, and how the expected text results from the recorded
 * one: a literal, a replacement, or a rule of exception-rules.ts. Nothing here is taken from our
 * own output.
 */
import type { Outcome } from '../helpers/test-system';
import type { Case, RecordingName, Step } from './cases';
import {
  likeAShorterLine,
  withListMessage,
  withSaveMessage,
  withServiceCounters,
  withThresholds,
  withUnscaledRates,
  withUnsignedMarks,
} from './exception-rules';

export interface Exception {
  readonly quirk: string;
  readonly recording: RecordingName | readonly RecordingName[];
  /** Matches case IDs; absent: all cases of the recording. */
  readonly cases?: RegExp;
  /** Matches command lines (arguments separated by spaces); absent: all lines of the case. */
  readonly lines?: RegExp;
  /** Matches the injection rules of a command line; absent: any or none. */
  readonly inject?: RegExp;
  /** Expected instead of the recorded values. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** Replacements in the recorded standard output. */
  readonly replace?: readonly (readonly [RegExp, string])[];
  readonly rule?: Rule;
  /** Only the first line of standard output is compared. */
  readonly firstLineOnly?: true;
}

export interface Expectation extends Outcome {
  readonly firstLineOnly?: true;
}

/**
 * Returns the expected values that differ from the recorded ones. May use the other steps of the
 * case.
 */
export type Rule = (recorded: Expectation, step: Step, entry: Case) => Partial<Expectation>;

export const exceptions: readonly Exception[] = [
  { quirk: 'help-text', recording: 'cli-syntax', cases: /^short:-h/, lines: /^-h/, firstLineOnly: true },
  { quirk: 'help-text', recording: 'restore', cases: /^help inside$/, lines: /^-R$/, firstLineOnly: true },
  {
    quirk: 'help-without-kernel',
    recording: 'output-injected',
    cases: /^version$/,
    lines: /^-v$/,
    inject: /0x010103/,
    stderr: '',
  },
  {
    quirk: 'popt-substitution',
    recording: 'cli-syntax',
    cases: /^subst:/,
    lines: /!#:\+ rr$/,
    stderr: 'unexpected argument rr\n',
    status: 2,
  },
  { quirk: 'popt-substitution', recording: 'cli-syntax', cases: /^subst:/, lines: /^-S -n$/, stdout: '' },
  {
    quirk: 'fwmark-unsigned',
    recording: ['cli-values', 'sort', 'netlink-exchanges'],
    lines: /^-[LS]/,
    rule: withUnsignedMarks,
  },
  {
    quirk: 'netmask-wrap',
    recording: 'cli-values',
    cases: /^mask6 '4294967360'$/,
    lines: /^-A/,
    stderr: 'illegal ipv6 netmask specified\n',
    status: 2,
  },
  {
    quirk: 'netmask-wrap',
    recording: 'cli-values',
    cases: /^mask6 '4294967360'$/,
    lines: /^-[LS]/,
    replace: [[/^(-A -t|TCP {2}).*\n/gm, '']], // the service was not added
  },
  {
    quirk: 'only-commas',
    recording: 'cli-values',
    cases: /^b ',' /,
    lines: /^-A/,
    stderr: "invalid scheduler flag `,'\n",
    status: 2,
  },
  {
    quirk: 'only-commas',
    recording: 'cli-values',
    cases: /^b ',,' /,
    lines: /^-A/,
    stderr: "invalid scheduler flag `,,'\n",
    status: 2,
  },
  { quirk: 'thresholds-saved', recording: 'cli-values', cases: /^xy /, lines: /^-S/, rule: withThresholds },
  {
    quirk: 'thresholds-saved',
    recording: ['live-7.2.7', 'live-6.1.0'],
    lines: /^-S/,
    rule: withThresholds,
  },
  {
    quirk: 'thresholds-saved',
    recording: 'output-injected',
    cases: /^dest u32 /,
    lines: /^-S/,
    rule: withThresholds,
  },
  {
    quirk: 'thresholds-saved',
    recording: 'semantics',
    cases: /^dest edit resets$/,
    lines: /^-S/,
    replace: [[/ -w 1$/m, ' -w 1 -x 6 -y 6']], // set by the last edit
  },
  {
    quirk: 'save-names-whole',
    recording: 'semantics',
    cases: /^names$/,
    lines: /^-S$/,
    replace: [[/(?<=^-[Aa] -t \[a-very-long-.*\.com\]):http\b/gm, '$&s']], // its port is 443
  },
  {
    quirk: 'last-line-with-blanks',
    recording: 'restore',
    cases: /^no eol trailing (tab sp|cr cr|sp2)$/,
    lines: /^-S/,
    replace: [[/$/, '-a -t 1.2.3.4:80 -r 10.0.0.17:80 -m -w 3\n']],
  },
  {
    quirk: 'server-counters-64-bit',
    recording: 'output-injected',
    cases: /^(val |distinct)/,
    lines: /--stats/,
    rule: withServiceCounters,
  },
  {
    quirk: 'server-counters-64-bit',
    recording: 'output-injected',
    cases: /^(val |distinct)/,
    lines: /--rate/,
    rule: withUnscaledRates,
  },
  {
    quirk: 'connection-long-lines',
    recording: 'connections-text',
    cases: /^pe len (186|190|200|255)$/,
    rule: likeAShorterLine,
  },
  {
    quirk: 'connection-long-lines',
    recording: ['live-7.2.7', 'live-6.1.0'],
    lines: /^-L -c/,
    replace: [
      [/^M{8}[^M].*\n/gm, ''], // the rest of two long lines
      [/^N{5} .*\n/gm, ''],
      [/\bM{185}$/gm, 'M'.repeat(240)], // the Call-IDs of the traffic that was recorded
      [/\bN{92}$/gm, 'N'.repeat(97)],
    ],
  },
  {
    quirk: 'connection-odd-lines',
    recording: 'connections-text',
    cases: /^(blank line mid|spaces line)$/,
    status: 0,
    replace: [[/^TCP .*\n/m, '$&$&']], // the line after the blank one is identical
  },
  { quirk: 'connection-odd-lines', recording: 'connections-text', cases: /^blank line end$/, status: 0 },
  {
    quirk: 'connection-odd-lines',
    recording: 'connections-text',
    cases: /^[78] fields$/,
    replace: [[/^TCP 00:00 .*\n/m, '']],
  },
  {
    quirk: 'dump-error',
    recording: 'output-injected',
    lines: /^-L -n$/,
    inject: /^err 4 /,
    replace: [[/(?<=version .*\n)(.*\n)*/, '']], // headings are printed after the services are received
    rule: withListMessage,
  },
  {
    quirk: 'dump-error',
    recording: 'output-injected',
    lines: /^-S -n$/,
    inject: /^err 4 /,
    rule: withSaveMessage,
  },
  {
    quirk: 'dump-error',
    recording: 'output-injected',
    lines: /^-L --daemon$/,
    inject: /^err 11 /,
    status: 1,
  },
  {
    quirk: 'interrupted-dump',
    recording: 'output-injected',
    cases: /^intr$/,
    lines: /^-L -n -t/,
    stdout:
      'Prot LocalAddress:Port Scheduler Flags\n' +
      '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n' +
      'TCP  10.0.0.13:80 rr\n' +
      '  -> 10.0.0.17:80                 Masq    3      0          0         \n' +
      '  -> 10.0.0.18:80                 Tunnel  1      0          0         \n',
    stderr: '',
    status: 0,
  },
];

/** Returns the expected outcome of a recorded step. */
export function expectedOf(recording: RecordingName, entry: Case, step: Step): Expectation {
  const recorded: Expectation = { stdout: step.stdout, stderr: step.stderr, status: step.status ?? 128 };
  return exceptions
    .filter((exception) => appliesTo(exception, recording, entry, step))
    .reduce((expected, exception) => applied(exception, expected, step, entry), recorded);
}

/** Whether an exception applies to a recorded step. */
export function appliesTo(exception: Exception, recording: RecordingName, entry: Case, step: Step): boolean {
  const { cases, lines, inject } = exception;
  return (
    [exception.recording].flat().includes(recording) &&
    (!cases || cases.test(entry.id)) &&
    (!lines || lines.test(step.argv.join(' '))) &&
    (!inject || inject.test(step.inject ?? ''))
  );
}

/** Returns an expectation with one exception applied. */
export function applied(exception: Exception, expected: Expectation, step: Step, entry: Case): Expectation {
  const { stdout, stderr, status, replace = [], rule, firstLineOnly } = exception;
  const literal = Object.fromEntries(
    Object.entries({ stdout, stderr, status, firstLineOnly }).filter(([, value]) => value !== undefined),
  );
  const base = { ...expected, ...literal };
  const replaced = {
    ...base,
    stdout: replace.reduce((text, [pattern, by]) => text.replace(pattern, by), base.stdout),
  };
  return rule ? { ...replaced, ...rule(replaced, step, entry) } : replaced;
}
