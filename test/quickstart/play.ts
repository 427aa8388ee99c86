import { join } from 'node:path';
import { type Lab, shellQuote } from '../lab';
import { debianProgram } from '../lab/debian-programs';
import { etcdPrograms } from '../lab/etcd';
import { brokenRelations, stepsOf, unmetExpectations } from './expectations';
import type { Step, StepResult, Story, StoryReport } from './story';

/**
 * Scripts that install ipvsadm in /tmp/bin of the guest: this project's program on Node, the one
 * under test (lab/under-test.ts), or the C program.
 */
export const programs = {
  node: 'ln -s "$IPVSADM_NODE" /tmp/bin/ipvsadm',
  ours: 'ln -s "$IPVSADM_OURS" /tmp/bin/ipvsadm',
  c: 'ln -s "$IPVSADM_C" /tmp/bin/ipvsadm',
} as const;
export type Program = keyof typeof programs;

/** Programs of the stories, by the names that their steps call. */
const helpers = {
  greet: 'greet.js',
  hold: 'hold.js',
  serve: 'serve.js',
  traffic: 'traffic.js',
  visit: 'visit.js',
};

/**
 * Plays a story in a lab, as one job, and checks what its steps show.
 * @param setUp a script that installs ipvsadm in the empty directory /tmp/bin, such as one of
 * `programs`.
 */
export async function playStory(lab: Lab, story: Story, setUp: string = programs.node): Promise<StoryReport> {
  const steps = story.sections.flatMap((section) => section.steps);
  const more = story.needsEtcd ? `ln -s ${shellQuote(join(await etcdPrograms(), 'etcd'))} /tmp/bin\n` : '';
  const { stdout, stderr } = await lab.run({
    script: storyScript(`${setUp}\n${more}`, steps),
    timeoutSeconds: 300,
    ...(story.needsKeepalived && { env: { KEEPALIVED: await debianProgram('keepalived') } }),
  });

  return reportOf(story, stdout.toString(), stderr.toString());
}

/** What the script of a story has printed, as a report. */
export function reportOf(story: Story, stdout: string, stderr: string): StoryReport {
  const steps = story.sections.flatMap((section) => section.steps);
  const outcomes = parseOutcomes(stdout);
  const results = story.sections.map((section) => ({
    ...section,
    steps: outcomes.splice(0, section.steps.length).map((outcome, index): StepResult => {
      const step = section.steps[index]!;
      return { ...step, output: outcome.output, exit: outcome.status };
    }),
  }));
  const played = stepsOf(results);
  const last = played.at(-1);
  const broken = last === undefined || played.length < steps.length || last.exit !== (last.status ?? 0);
  const problems = played.flatMap(unmetExpectations);
  return {
    sections: results
      .filter(({ hidden }) => !hidden)
      .map((section) => ({ ...section, steps: section.steps.filter(({ untold }) => !untold) })),
    problems: broken
      ? [...problems, failureOf(last, stderr)]
      : [...problems, ...brokenRelations(story.across ?? [], results)],
  };
}

/**
 * Prints RS before the output of each step, US and the exit status after it. Stops when a step ends
 * with another status than it should.
 */
export function storyScript(setUp: string, steps: readonly Step[]): string {
  const links = Object.entries(helpers).map(
    ([name, file]) => `ln -s ${shellQuote(join(__dirname, 'helpers', file))} /tmp/bin/${name}\n`,
  );
  return `mkdir /tmp/bin
${setUp}
${links.join('')}export PATH="/tmp/bin:$PATH"
shell=$(command -v sh) # for nsenter, which is busybox's, \`sh\` is its own shell with its own \`ip\`
step() {
  expected=$1
  shift
  printf '\\036'
  "$@" 2>&1
  status=$?
  printf '\\037%s' $status
  [ $status = $expected ] || exit
}
entering() { # MACHINE: the command that enters it
  if [ -s "/tmp/$1.machine" ]; then echo "nsenter -t $(cat "/tmp/$1.machine") -m -u -n"; else echo "nsenter --net=/run/netns/$1"; fi
}
background() {
  : >/tmp/background.err
  timeout -s INT 60 "$@" >/tmp/background 2>/tmp/background.err &
  background=$!
  tries=0
  until grep -q 'listening on' /tmp/background.err || [ $tries = 200 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
}
await() {
  wait $background
  status=$?
  cat /tmp/background
  return $status
}
${steps.map(scriptLine).join('')}`;
}

function scriptLine({ place, command, status = 0, inBackground, awaits }: Step): string {
  if (awaits) return `step ${status} await\n`;
  // Like `ip netns exec`, but without its mounts, which are slow in an emulated guest.
  const enter = place === 'lab' ? '' : `$(entering ${place}) `;
  const start = inBackground ? 'background ' : '';
  const quoted = shellQuote(inBackground ? `exec ${command}` : command);
  return `step ${status} ${start}${enter}"$shell" -c ${quoted}\n`;
}

function parseOutcomes(stdout: string): { output: string; status: number }[] {
  const records = stdout.split('\x1e').slice(1);
  return records.map((record) => {
    const [output = '', status = ''] = record.split('\x1f');
    return { output, status: Number(status || Number.NaN) };
  });
}

function failureOf(step: StepResult | undefined, stderr: string): string {
  if (step === undefined) return `no step was run: ${stderr}`;
  const { place, command, exit, output } = step;
  return `${place}: '${command}' ended with status ${exit}, expected ${step.status ?? 0}:\n${output}${stderr}`;
}
