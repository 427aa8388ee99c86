declare module 'cli-table3/src/utils' {
  /** The columns of a terminal that a text takes, without its colours. */
  export function strlen(text: string): number;
}
