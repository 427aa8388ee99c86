/**
 * Requests of the tests to the driver in the guest, and its replies: JSON on its standard streams.
 */

/** One command line. Texts hold one character per byte. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly programName?: string;
  /** Rules of test/helpers/inject.ts for the kernel's replies. */
  readonly inject?: string;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export type Task =
  /** Runs our program only; each list of lines begins with an empty table. */
  | { readonly kind: 'repeat'; readonly cases: readonly (readonly CommandLine[])[] }
  /** Runs both programs on separate tables, up to the first difference. */
  | { readonly kind: 'compare'; readonly lines: readonly CommandLine[] };

export type Answer =
  | { readonly kind: 'repeat'; readonly cases: readonly (readonly Outcome[])[] }
  | {
      readonly kind: 'compare';
      /** Lines on which both programs agreed, and how many ended with each status. */
      readonly done: number;
      readonly statuses: Readonly<Record<number, number>>;
      readonly difference?: Difference;
    };

/** The first line at which the programs differ, in their output or in the resulting table. */
export interface Difference {
  readonly line: CommandLine;
  readonly what: 'output' | 'table';
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

/** The variable with the path of the native program that alters the kernel's replies. */
export const INJECTING = 'IPVSADM_INJECTING';
