/** What the tests ask of the driver in the guest, and what it answers: JSON on its standard streams. */

/** One command line. Texts hold one character a byte. */
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
  /** Our program alone; each list of lines begins with an empty table. */
  | { readonly kind: 'repeat'; readonly cases: readonly (readonly CommandLine[])[] }
  /** Both programs on twin tables, up to the first difference. */
  | { readonly kind: 'compare'; readonly lines: readonly CommandLine[] };

export type Answer =
  | { readonly kind: 'repeat'; readonly cases: readonly (readonly Outcome[])[] }
  | {
      readonly kind: 'compare';
      /** Lines on which both programs agreed, and how often they ended with which status. */
      readonly done: number;
      readonly statuses: Readonly<Record<number, number>>;
      readonly difference?: Difference;
    };

/** The first line at which the programs differ: in what they print, or in the table they leave behind. */
export interface Difference {
  readonly line: CommandLine;
  readonly what: 'output' | 'table';
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

/** The variable that says where the native program lies that alters the kernel's replies. */
export const INJECTING = 'IPVSADM_INJECTING';
