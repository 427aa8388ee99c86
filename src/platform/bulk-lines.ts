/**
 * A message to copy for each rule, as words: the number of its kind; the indices of the words in
 * the message that differ; the message. They are the protocol, address and port of the service, and
 * for a real server also its address, port, forwarding method and weight.
 */
export type RuleTemplate = Int32Array;

/** The templates for the rules that are taken. */
export interface RuleTemplates {
  readonly server: RuleTemplate;
  /** For services with `scheduler`; others are not taken. */
  readonly service: RuleTemplate;
  readonly scheduler: Uint8Array;
}

/** Where messages are written. */
export interface RuleMessages {
  readonly words: Int32Array;
  /** By message: where it begins, in bytes, and the number of its kind. */
  readonly starts: Uint32Array;
  readonly kinds: Uint8Array;
}

/** The indices of a cursor for rules: where the work begins, set to where it ended. */
export const ruleCursor = {
  /** In the block of lines. */
  nextByte: 0,
  /** In the words of the messages. */
  nextWord: 1,
  messages: 2,
  /** The next sequence number. */
  sequence: 3,
  /** How many messages there may be. */
  most: 4,
} as const;

/** The indices of a cursor for connections: where the work begins, set to where it ended. */
export const connectionCursor = {
  /** In the block of lines. */
  nextByte: 0,
  /** In the output. */
  outputEnd: 1,
} as const;

/**
 * What an engine can do faster for many lines than code of the core can: the native program in C,
 * because its code is interpreted. Absent on Node.
 */
export interface BulkLines {
  /**
   * Scans rules as classic/fast-rule.ts and writes their messages as ipvs/fast-change.ts, until a
   * line does not have the usual form or there is no room.
   */
  takeRules(block: Uint8Array, templates: RuleTemplates, messages: RuleMessages, cursor: Uint32Array): void;
  /**
   * Converts lines of the kernel as format/fast-connection-lines.ts, until one does not have the
   * usual form or there is no room for the longest.
   */
  takeConnections(block: Uint8Array, output: Uint8Array, cursor: Uint32Array): void;
}
