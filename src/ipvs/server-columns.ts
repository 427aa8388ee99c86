/**
 * The index of each value in a row of ServerRows. All in host order; an IPv4 address is a word and
 * three zeros.
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
} as const;

/** The number of 32-bit words in a row. */
export const ROW_WORDS = 36;

/** The columns that a listing may omit. Address, family and port are always present. */
export type OptionalColumn = Exclude<keyof typeof column, 'address' | 'family' | 'port'>;
