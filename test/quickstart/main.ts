import { openLab } from '../lab';
import { type Program, programs, runTutorial, type StepResult, type TutorialReport } from './tutorial';

const usage =
  'Usage: npm run quickstart [-- --program node|c]   (IPVSADM_LAB=host|uml|qemu selects the kernel)\n';

/** Demonstrates ipvsadm to new users: runs the tutorial and prints each command with its output. */
async function main(argv: string[]): Promise<number> {
  const program = programOf(argv);
  if (program === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const lab = await openLab();
  try {
    const report = await runTutorial(lab, programs[program]);
    process.stdout.write(format(report));
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    await lab.close();
  }
}

function programOf(argv: string[]): Program | undefined {
  if (argv.length === 0) return 'node';
  const [option, program] = argv;
  if (argv.length !== 2 || option !== '--program') return undefined;
  return program !== undefined && program in programs ? (program as Program) : undefined;
}

function format({ sections, problems }: TutorialReport): string {
  const shown = sections
    .filter(({ steps }) => steps.length > 0)
    .map(({ title, steps }) => `\n== ${title}\n\n${steps.map(formatStep).join('')}`);
  const verdict =
    problems.length === 0
      ? [
          'Shown: a virtual service on one address, two real servers, persistence, and round robin.',
          'The table was listed byte for byte as by the C program. Next: README.md, then docs/.',
        ]
      : problems.map((problem) => `Problem: ${problem}`);
  return `${shown.join('')}\n${verdict.join('\n')}\n`;
}

function formatStep({ place, command, output }: StepResult): string {
  return `${place}${place === 'client' ? '$' : '#'} ${command}\n${output}`;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    process.stderr.write(`quickstart: ${error.message}\n`);
    process.exitCode = 1;
  },
);
