import { parseArgs } from 'node:util';
import type { Program, programs } from './play';
import { type StoryName, stories } from './stories';

export const usage = `Usage: npm run quickstart [-- NAME]            play a story; default: dr
       npm run quickstart -- --list           the names
       npm run quickstart -- dr --program c   with the C program
IPVSADM_LAB=host|uml|qemu selects the kernel.
`;

export interface Arguments {
  name: StoryName;
  program: Program;
}

/** Reads the arguments of the quickstart. Only the tutorial can be played with the C program. */
export function readArguments(argv: readonly string[]): Arguments | { list: true } | { problem: string } {
  const parsed = parse(argv);
  if ('problem' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.list) return { list: true };
  const [name = 'dr', ...more] = positionals;
  const { program = 'node' } = values;
  if (more.length > 0) return { problem: `unexpected argument '${more[0]}': one story is played at a time` };
  if (!Object.hasOwn(stories, name)) {
    return { problem: `'${name}' is not a story: there are ${Object.keys(stories).join(', ')}` };
  }
  if (program !== 'node' && program !== 'c') return { problem: `--program ${program}: must be node or c` };
  if (program === 'c' && name !== 'dr') {
    return {
      problem: `--program c: ${name} has subcommands, which the C program does not know; dr has none`,
    };
  }
  return { name: name as StoryName, program: program satisfies keyof typeof programs };
}

function parse(argv: readonly string[]) {
  try {
    const options = { list: { type: 'boolean' }, program: { type: 'string' } } as const;
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
