/** The rules by which exceptions.ts derives expectations from recorded outcomes. */
import type { Case, Step } from './cases';
import type { Expectation } from './exceptions';

/**
 * Firewall marks from 2^31, which C prints as signed numbers. Later columns keep their positions.
 */
export function withUnsignedMarks({ stdout }: Expectation): Partial<Expectation> {
  const unsigned = (_: string, before: string, mark: string, padding?: string) =>
    before + String(2 ** 32 + Number(mark)).padEnd(padding ? mark.length + padding.length : 0);
  return { stdout: stdout.replace(/(^FWM {2}|-f )(-[0-9]+)( {2,})?/gm, unsigned) };
}

/** Appends the thresholds of the case's last `-L -n --thresholds` to the line of each server. */
export function withThresholds({ stdout }: Expectation, _step: Step, entry: Case): Partial<Expectation> {
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

/**
 * The counters of a real server equal those of its service, because the same values were injected.
 */
export function withServiceCounters({ stdout }: Expectation): Partial<Expectation> {
  let counters = '';
  return {
    stdout: stdout.replace(/^(TCP.{30}| {2}-> .{28})(.*[0-9TGMK])$/gm, (_, name: string, columns: string) => {
      if (name.startsWith('TCP')) counters = columns;
      return `${name}${counters}`;
    }),
  };
}

/**
 * Likewise for rates, but the first three of a server are never scaled: they are the injected
 * numbers.
 */
export function withUnscaledRates(recorded: Expectation, step: Step): Partial<Expectation> {
  const { stdout } = withServiceCounters(recorded);
  const injected = [6, 7, 8].map(
    (attribute) => new RegExp(`dest \\* 12\\.${attribute} u64 ([0-9]+)`).exec(step.inject!)![1]!,
  );
  const unscaled = injected.map((rate) => ` ${rate.padStart(8)}`).join('');
  const exact = step.argv.includes('--exact');
  // Scaled columns are nine characters wide.
  return {
    stdout: exact
      ? stdout!
      : stdout!.replace(/^( {2}-> .{28}).{27}(?=.)/gm, (_, name) => `${name}${unscaled}`),
  };
}

/** The recorded output for a line that fits C's buffer, with the engine data of this case. */
export function likeAShorterLine(_recorded: Expectation, step: Step, entry: Case): Partial<Expectation> {
  const data = /D{100,}/.exec(entry.conn_file!)![0];
  const headings =
    'IPVS connection entries\n' +
    'pro expire state       source             virtual            destination' +
    `${step.argv.includes('--persistent-conn') ? '        pe name          pe_data' : ''}\n`;
  const shown = step.argv.includes('--persistent-conn') ? `    sip                ${data}` : '';
  return {
    stdout:
      `${headings}UDP 14:59  ESTABLISHED 10.1.0.2:40001     10.1.0.100:80      10.2.0.3:8080${shown}\n` +
      'TCP 14:59  ESTABLISHED 10.1.0.3:40001     10.1.0.100:80      10.2.0.3:8080\n',
    status: 0,
  };
}

/** C's message for the same errno when a single service could not be fetched. */
export function withListMessage(_recorded: Expectation, _step: Step, entry: Case): Partial<Expectation> {
  const line = (step: Step) => step.argv.includes('-t') && /^err 4 /.test(step.inject ?? '');
  return { stderr: entry.steps.find(line)!.stderr, status: 1 };
}

/** C's message for the same errno from an operation without a specific message. */
export function withSaveMessage(_recorded: Expectation, _step: Step, entry: Case): Partial<Expectation> {
  return { stderr: entry.steps.find((step) => step.argv[0] === '--set')!.stderr, status: 1 };
}
