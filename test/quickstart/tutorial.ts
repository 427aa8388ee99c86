import { type Lab, shellCommand } from '../lab';
import { expectedListing, type Section, type Step, scenario } from './scenario';

/**
 * How the ipvsadm at the director's prompt gets to its place, /tmp/bin: this project's on Node, the one under test
 * (lab/under-test.ts), or the C program.
 */
export const programs = {
  node: 'ln -s "$IPVSADM_NODE" /tmp/bin/ipvsadm',
  ours: 'ln -s "$IPVSADM_OURS" /tmp/bin/ipvsadm',
  c: 'ln -s "$IPVSADM_C" /tmp/bin/ipvsadm',
} as const;
export type Program = keyof typeof programs;

export interface StepResult extends Step {
  output: string;
  status: number;
}

export interface SectionResult {
  title: string;
  steps: StepResult[];
}

export interface TutorialReport {
  sections: SectionResult[];
  /** What was not as it should be, a sentence each. */
  problems: string[];
}

/**
 * Runs the classic LVS tutorial in a lab and checks that everything happens as a textbook says.
 * @param setUp a script that brings ipvsadm into the empty directory /tmp/bin: one of `programs`, or an installation.
 */
export async function runTutorial(lab: Lab, setUp: string = programs.node): Promise<TutorialReport> {
  const sections = Object.values(scenario);
  const steps = sections.flatMap((section) => section.steps);
  const { stdout, stderr } = await lab.run({ script: tutorialScript(setUp, steps) });

  const outcomes = parseOutcomes(stdout.toString());
  const results = sections.map((section) => ({
    title: section.title,
    steps: outcomes.splice(0, section.steps.length).map((outcome, index) => ({
      ...section.steps[index]!,
      ...outcome,
    })),
  }));
  const last = results.flatMap((section) => section.steps).at(-1);
  const broken = last === undefined || last.status !== 0;
  return {
    sections: results.filter((section) => section.title !== scenario.comparison.title),
    problems: broken ? [failureOf(last, stderr.toString())] : surprises(results),
  };
}

/** Before each step's output comes RS, after it US and the exit status. A step that fails is the last. */
function tutorialScript(setUp: string, steps: Step[]): string {
  const lines = steps.map(({ place, command }) => {
    // What `ip netns exec` does, without its mounts, which take long in an emulated guest.
    const enter = place === 'lab' ? [] : ['nsenter', `--net=/run/netns/${place}`];
    return `step ${shellCommand([...enter, 'sh', '-c', command])}\n`;
  });
  return `mkdir /tmp/bin
${setUp}
export PATH="/tmp/bin:$PATH"
step() {
  printf '\\036'
  "$@" 2>&1
  status=$?
  printf '\\037%s' $status
  [ $status = 0 ] || exit
}
${lines.join('')}`;
}

function parseOutcomes(stdout: string): { output: string; status: number }[] {
  const records = stdout.split('\x1e').slice(1);
  return records.map((record) => {
    const [output = '', status = ''] = record.split('\x1f');
    return { output, status: Number(status) };
  });
}

function failureOf(step: StepResult | undefined, stderr: string): string {
  if (step === undefined) return `nothing could be run: ${stderr}`;
  return `at the prompt of ${step.place}, "${step.command}" failed with status ${step.status}`;
}

/** Holds what was seen against what should be. */
function surprises(results: SectionResult[]): string[] {
  const outputs = (section: Section): string[] => {
    const found = results.find(({ title }) => title === section.title);
    return found?.steps.map((step) => step.output) ?? [];
  };
  const listing = outputs(scenario.balancer).at(-1) ?? '';
  const [genuine] = outputs(scenario.comparison);
  const persistent = answers(outputs(scenario.persistent));
  const alternating = answers(outputs(scenario.alternating));

  const facts: [holds: boolean, otherwise: string][] = [
    [
      listing.replace(/size=\d+/, 'size=N') === expectedListing,
      `ipvsadm -ln should show:\n${expectedListing}`,
    ],
    [listing === genuine, `ipvsadm -ln should print what the C program prints:\n${genuine}`],
    [persistent.length > 1, 'no web server answered'],
    [new Set(persistent).size === 1, `a persistent client met different servers: ${persistent.join(', ')}`],
    [
      alternating.every((answer, index) => answer !== alternating[index - 1]) &&
        new Set(alternating).size === 2,
      `without persistence the two servers should take turns: ${alternating.join(', ')}`,
    ],
  ];
  return facts.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
}

/** What the web servers said, among the outputs of a section. */
function answers(outputs: string[]): string[] {
  return outputs.filter((output) => output.startsWith('this is ')).map((output) => output.trim());
}
