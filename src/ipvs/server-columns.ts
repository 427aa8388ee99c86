/** The words of a row of ServerRows. Everything is in host order; an IPv4 address is one word and three zeros. */
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
  /** Ten counters in the order of Statistics, the low word of each first. */
  statistics: 16,
} as const;

/** How many words a row has. */
export const ROW_WORDS = 36;

/** What a listing may leave out. Address, family and port are always there. */
export type OptionalColumn = Exclude<keyof typeof column, 'address' | 'family' | 'port'>;
