/** What a story is: data that play.ts runs in a guest, and that the guide quotes. */

export interface Story {
  /** One line for `--list`. */
  summary: string;
  sections: readonly Section[];
  /** What must hold between the outputs of several steps. */
  across?: readonly Relation[];
  /** The last lines, if everything was as expected. */
  conclusion: readonly string[];
  /** nftables for IPv4, which the kernel of User-Mode Linux does not have. */
  needsNftables?: boolean;
  /** Its path is in $KEEPALIVED. */
  needsKeepalived?: boolean;
  /** The program etcd, of Debian. */
  needsEtcd?: boolean;
  /** A web page that stays open for a browser when the story is told: show-page.ts. */
  page?: StoryPage;
}

export interface StoryPage {
  /** The machine whose loopback address has it. */
  place: string;
  /** As it stands in the commands: another one takes its place. */
  port: string;
  /** The step that prints the token. */
  token: string;
  /** How many sections make the machines. */
  after: number;
}

export interface Section {
  title: string;
  /** What happens, why, and what to look at: lines below the title. */
  text?: readonly string[];
  steps: readonly Step[];
  /** A check that is not part of the story: played, but not shown. */
  hidden?: boolean;
}

export interface Step {
  /** `lab`, the guest itself, or one of its network namespaces. */
  place: string;
  command: string;
  /** The name by which the guide and `across` refer to it; unique in the story. */
  id?: string;
  /** What the output must show. */
  shows?: readonly Expectation[];
  /** The expected exit status; default 0. */
  status?: number;
  /** Runs on while the next steps do; its output comes with the step that waits for it. */
  inBackground?: boolean;
  /** Waits for the command in the background, and has its output. */
  awaits?: boolean;
  /** Played, but not shown: a wait. */
  untold?: boolean;
}

/** A text that the output contains, a pattern that it matches, or a text that it must not contain. */
export type Expectation = string | RegExp | { lacks: string };

export type Relation =
  /** The answers of the web servers (`this is ...`) in a section are all one and the same. */
  | { kind: 'one server'; section: string }
  /** They change with every answer, and there are two. */
  | { kind: 'take turns'; section: string }
  /** Two steps have the same output. */
  | { kind: 'same output'; steps: readonly [string, string] };

export interface StepResult extends Step {
  output: string;
  /** The exit status; undefined if the step was not reached. */
  exit: number;
}

export interface SectionResult {
  title: string;
  text?: readonly string[];
  hidden?: boolean;
  steps: readonly StepResult[];
}

export interface StoryReport {
  sections: readonly SectionResult[];
  /** A message for each unexpected result. */
  problems: readonly string[];
}

/** A step as people see it: the place, the command, its output. */
export function formatStep({ place, command, output, inBackground }: StepResult): string {
  return `${place}${place.startsWith('client') ? '$' : '#'} ${command}${inBackground ? ' &' : ''}\n${output}`;
}
