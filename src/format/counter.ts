import { right } from './columns';

/** The units of large counters, and the value from which each is used. */
const units: readonly { readonly from: bigint; readonly divisor: bigint; readonly suffix: string }[] = [
  { from: 100_000_000_000_000n, divisor: 1_000_000_000_000n, suffix: 'T' },
  { from: 100_000_000_000n, divisor: 1_000_000_000n, suffix: 'G' },
  { from: 1_000_000_000n, divisor: 1_000_000n, suffix: 'M' },
  { from: 100_000_000n, divisor: 1_000n, suffix: 'K' },
];

/** A counter in nine columns; from 100 million on in thousands, millions etc., rounded down. */
export function formatCounter(value: bigint): string {
  if (value < 100_000_000n) return right(value, 9);
  const unit = units.find(({ from }) => value >= from)!;
  return `${right(value / unit.divisor, 8)}${unit.suffix}`;
}

/** A counter with all its digits: in nine columns, or after a space if it needs more. */
export function formatExactCounter(value: bigint): string {
  return value < 100_000_000n ? right(value, 9) : ` ${value}`;
}
