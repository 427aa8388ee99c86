import { type Lab, shellCommand } from '../lab';
import { expectedListing, type Section, type Step, scenario } from './scenario';

/**
 * Scripts that install ipvsadm in /tmp/bin of the director: this project's program on Node, the one
 * under test (lab/under-test.ts), or the C program.
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
  /** A message for each unexpected result. */
  problems: string[];
}

/**
 * Runs the classic LVS tutorial in a lab and checks the results.
 * @param setUp a script that installs ipvsadm in the empty directory /tmp/bin, such as one of
 * `programs`.
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
    problems: broken ? [failureOf(last, stderr.toString())] : unexpectedResults(results),
  };
}

/**
 * Prints RS before the output of each step, US and the exit status after it. Stops when a step
 * fails.
 */
function tutorialScript(setUp: string, steps: Step[]): string {
  const lines = steps.map(({ place, command }) => {
    // Like `ip netns exec`, but without its mounts, which are slow in an emulated guest.
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
  if (step === undefined) return `no step was run: ${stderr}`;
  return `${step.place}: '${step.command}' failed with status ${step.status}`;
}

/** Compares the outputs with the expected ones and returns a message for each difference. */
function unexpectedResults(results: SectionResult[]): string[] {
  const outputs = (section: Section): string[] => {
    const found = results.find(({ title }) => title === section.title);
    return found?.steps.map((step) => step.output) ?? [];
  };
  const listing = outputs(scenario.balancer).at(-1) ?? '';
  const [genuine] = outputs(scenario.comparison);
  const persistent = answers(outputs(scenario.persistent));
  const alternating = answers(outputs(scenario.alternating));

  const checks: [passed: boolean, message: string][] = [
    [
      listing.replace(/size=\d+/, 'size=N') === expectedListing,
      `ipvsadm -ln should show:\n${expectedListing}`,
    ],
    [listing === genuine, `ipvsadm -ln should print what the C program prints:\n${genuine}`],
    [persistent.length > 1, 'no web server answered'],
    [
      new Set(persistent).size === 1,
      `a persistent client was sent to different servers: ${persistent.join(', ')}`,
    ],
    [
      alternating.every((answer, index) => answer !== alternating[index - 1]) &&
        new Set(alternating).size === 2,
      `without persistence the two servers should take turns: ${alternating.join(', ')}`,
    ],
  ];
  return checks.filter(([passed]) => !passed).map(([, message]) => message);
}

/** Returns the replies of the web servers among the outputs of a section. */
function answers(outputs: string[]): string[] {
  return outputs.filter((output) => output.startsWith('this is ')).map((output) => output.trim());
}
