import type { Outcome } from './protocol';

/**
 * Removes from an outcome the deliberate differences of docs/compatibility.md that generated lines
 * can show, each by its id, on the side that has them.
 */
export function normalized(outcome: Outcome, side: 'ours' | 'theirs'): Outcome {
  const stdout = outcome.stdout.replace(/\(size=[0-9]+\)/g, '(size=N)');
  return {
    ...outcome,
    stdout: side === 'ours' ? withoutThresholds(stdout) : withFlagThree(withUnsignedMarks(stdout)),
  };
}

/** thresholds-saved: -S of the genuine program omits thresholds. */
function withoutThresholds(text: string): string {
  return text.replace(/^(-a .*) -x [0-9]+ -y [0-9]+$/gm, '$1');
}

/** fwmark-unsigned: the genuine program prints marks from 2^31 on as negative numbers. */
function withUnsignedMarks(text: string): string {
  const unsigned = (mark: string) => String(Number(mark) >>> 0);
  return text
    .replace(/^(-[Aa] -f )(-[0-9]+)/gm, (_text, before: string, mark: string) => before + unsigned(mark))
    .replace(/^FWM {2}(-[0-9]+)( IPv6)?( {2,})?/gm, (_text, mark: string, ipv6 = '', padding?: string) => {
      const name = `FWM  ${unsigned(mark)}${ipv6}`;
      return padding === undefined ? name : name.padEnd(_text.length); // counters stand in columns
    });
}

/** empty-sched-flags: the genuine program has no name for flag-3 of sh and mh. */
function withFlagThree(text: string): string {
  return text.replace(/^(-A .* -b )$/gm, '$1flag-3');
}

/**
 * A table as a set of blocks, a service with its real servers each: their order varies by
 * namespace.
 */
export function normalizedTable(listings: readonly string[]): string {
  return listings
    .map((listing) => listing.replace(/\(size=[0-9]+\)/, '(size=N)'))
    .map((listing) => {
      const blocks: string[][] = [];
      for (const line of listing.split('\n')) {
        if (/^( {2}->|-a )/.test(line) && blocks.length > 0) blocks.at(-1)!.push(line);
        else blocks.push([line]);
      }
      return blocks
        .map(([first, ...rest]) => [first, ...rest.sort()].join('\n'))
        .sort()
        .join('\n');
    })
    .join('\n');
}
