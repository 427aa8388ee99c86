/**
 * The index of each value in a row of ServerRows (src/engines/quickjs/rows.h has some of them too).
 * All in host order; an IPv4 address is a word and three zeros.
 */
export const column = {
  address: 0,
  family: 4,
  port: 5,
  forwarding: 6,
  weight: 7,
  upperThreshold: 8,
  lowerThreshold: 9,
  activeConnections: 10,
  inactiveConnections: 11,
  persistentConnections: 12,
  tunnelType: 13,
  tunnelPort: 14,
  tunnelFlags: 15,
  /** Ten counters in the order of Statistics, each with its low word first. */
  statistics: 16,
  /**
   * 0, or 1 for a server that the other columns do not describe completely, in rows that are to be
   * complete: `ServerRows.server` returns it.
   */
  incomplete: 36,
} as const;

/** The number of 32-bit words in a row. */
export const ROW_WORDS = 37;

type MandatoryColumn = 'address' | 'family' | 'port' | 'incomplete';

/** The columns that a listing may omit. */
export type OptionalColumn = Exclude<keyof typeof column, MandatoryColumn>;

/** Everything but counters of traffic. */
export function bareColumns(): OptionalColumn[] {
  return optionalColumns().filter((name) => name !== 'statistics');
}

export function optionalColumns(): OptionalColumn[] {
  const { address, family, port, incomplete, ...optional } = column;
  return Object.keys(optional) as OptionalColumn[];
}
