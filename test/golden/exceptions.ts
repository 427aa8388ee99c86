/**
 * Where we differ from the recordings on purpose. Each row names its quirk of docs/compatibility.md, which
 * recorded command lines it is about, and how to get from the recorded text to the one expected of us: a
 * literal, a replacement, or one of the small rules below. Nothing here comes from our own output.
 */
import type { Outcome } from '../helpers/test-system';
import type { Case, RecordingName, Step } from './cases';

export interface Exception {
  readonly quirk: string;
  readonly recording: RecordingName | readonly RecordingName[];
  /** Case ids; absent: all of the recording. */
  readonly cases?: RegExp;
  /** Command lines (arguments with spaces between them); absent: all of the case. */
  readonly lines?: RegExp;
  /** Injection rules of the command line; absent: with or without. */
  readonly inject?: RegExp;
  /** Expected instead of what was recorded. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** Replacements in the recorded standard output. */
  readonly replace?: readonly (readonly [RegExp, string])[];
  readonly rule?: Rule;
  /** Of standard output only the first line is compared. */
  readonly firstLineOnly?: true;
}

export interface Expectation extends Outcome {
  readonly firstLineOnly?: true;
}

/** From what was recorded to what is expected; may look at the other recorded steps of the case. */
type Rule = (recorded: Expectation, step: Step, entry: Case) => Partial<Expectation>;

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
    replace: [[/ -w 1$/m, ' -w 1 -x 6 -y 6']], // as the last edit said
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
    rule: withWholeRates,
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
      [/^M{8}[^M].*\n/gm, ''], // the ends of two long lines
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
    replace: [[/^TCP .*\n/m, '$&$&']], // the line behind the blank one is the same again
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
    replace: [[/(?<=version .*\n)(.*\n)*/, '']], // titles come after the services are there
    rule: withListSentence,
  },
  {
    quirk: 'dump-error',
    recording: 'output-injected',
    lines: /^-S -n$/,
    inject: /^err 4 /,
    rule: withSaveSentence,
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

/** What is expected of us where `step` was recorded. */
export function expectedOf(recording: RecordingName, entry: Case, step: Step): Expectation {
  const recorded: Expectation = { stdout: step.stdout, stderr: step.stderr, status: step.status ?? 128 };
  return exceptions
    .filter((exception) => isAbout(exception, recording, entry, step))
    .reduce((expected, exception) => applied(exception, expected, step, entry), recorded);
}

/** Whether the exception is about a recorded command line. */
export function isAbout(exception: Exception, recording: RecordingName, entry: Case, step: Step): boolean {
  const { cases, lines, inject } = exception;
  return (
    [exception.recording].flat().includes(recording) &&
    (!cases || cases.test(entry.id)) &&
    (!lines || lines.test(step.argv.join(' '))) &&
    (!inject || inject.test(step.inject ?? ''))
  );
}

/** The expectation with one exception taken into account. */
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

/** Marks of 2^31 and more, which C prints as signed numbers; columns behind one stay where they are. */
function withUnsignedMarks({ stdout }: Expectation): Partial<Expectation> {
  const unsigned = (_: string, before: string, mark: string, padding?: string) =>
    before + String(2 ** 32 + Number(mark)).padEnd(padding ? mark.length + padding.length : 0);
  return { stdout: stdout.replace(/(^FWM {2}|-f )(-[0-9]+)( {2,})?/gm, unsigned) };
}

/** The thresholds that the case's last `-L -n --thresholds` shows, at the end of each server's line. */
function withThresholds({ stdout }: Expectation, _step: Step, entry: Case): Partial<Expectation> {
  const listing = entry.steps.filter(({ argv }) => argv.includes('--thresholds')).at(-1)!.stdout;
  const thresholds = [...listing.matchAll(/^ {2}-> (\S+) +([0-9]+) +([0-9]+) /gm)].filter(
    ([, , upper, lower]) => upper !== '0' || lower !== '0',
  );
  return {
    stdout: stdout
      .split('\n')
      .map((line) => {
        const found = thresholds.find(([, server]) => line.includes(` -r ${server} `));
        return found ? `${line} -x ${found[2]} -y ${found[3]}` : line;
      })
      .join('\n'),
  };
}

/** A real server's counters are those of its service: both were given the same ones. */
function withServiceCounters({ stdout }: Expectation): Partial<Expectation> {
  let counters = '';
  return {
    stdout: stdout.replace(/^(TCP.{30}| {2}-> .{28})(.*[0-9TGMK])$/gm, (_, name: string, columns: string) => {
      if (name.startsWith('TCP')) counters = columns;
      return `${name}${counters}`;
    }),
  };
}

/** The same, but the first three rates of a server, never scaled, are the numbers that were injected. */
function withWholeRates(recorded: Expectation, step: Step): Partial<Expectation> {
  const { stdout } = withServiceCounters(recorded);
  const injected = [6, 7, 8].map(
    (attribute) => new RegExp(`dest \\* 12\\.${attribute} u64 ([0-9]+)`).exec(step.inject!)![1]!,
  );
  const whole = injected.map((rate) => ` ${rate.padStart(8)}`).join('');
  const exact = step.argv.includes('--exact');
  // Scaled columns have a width of nine each.
  return {
    stdout: exact ? stdout! : stdout!.replace(/^( {2}-> .{28}).{27}(?=.)/gm, (_, name) => `${name}${whole}`),
  };
}

/** What was recorded of a line that fits C's buffer, with this case's engine data in place of its own. */
function likeAShorterLine(_recorded: Expectation, step: Step, entry: Case): Partial<Expectation> {
  const data = /D{100,}/.exec(entry.conn_file!)![0];
  const titles =
    'IPVS connection entries\n' +
    'pro expire state       source             virtual            destination' +
    `${step.argv.includes('--persistent-conn') ? '        pe name          pe_data' : ''}\n`;
  const shown = step.argv.includes('--persistent-conn') ? `    sip                ${data}` : '';
  return {
    stdout:
      `${titles}UDP 14:59  ESTABLISHED 10.1.0.2:40001     10.1.0.100:80      10.2.0.3:8080${shown}\n` +
      'TCP 14:59  ESTABLISHED 10.1.0.3:40001     10.1.0.100:80      10.2.0.3:8080\n',
    status: 0,
  };
}

/** C's sentence for the same errno where a single service could not be fetched. */
function withListSentence(_recorded: Expectation, _step: Step, entry: Case): Partial<Expectation> {
  const line = (step: Step) => step.argv.includes('-t') && /^err 4 /.test(step.inject ?? '');
  return { stderr: entry.steps.find(line)!.stderr, status: 1 };
}

/** C's sentence for the same errno where no operation has one of its own. */
function withSaveSentence(_recorded: Expectation, _step: Step, entry: Case): Partial<Expectation> {
  return { stderr: entry.steps.find((step) => step.argv[0] === '--set')!.stderr, status: 1 };
}
