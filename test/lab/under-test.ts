import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './paths';

/** Our programs, relative to the project's root. `static` is the native one of the small image. */
const programs = {
  node: 'dist/node/ipvsadm',
  native: 'dist/native/ipvsadm',
  static: 'dist/image/usr/sbin/ipvsadm',
} as const;

export type ProgramUnderTest = keyof typeof programs;

/** Returns the program that the suites test: the variable IPVSADM_UNDER_TEST, by default `node`. */
export function programUnderTest(): ProgramUnderTest {
  const name = process.env.IPVSADM_UNDER_TEST || 'node';
  if (name in programs) return name as ProgramUnderTest;
  throw new Error(`unknown IPVSADM_UNDER_TEST '${name}': must be ${Object.keys(programs).join(' or ')}`);
}

/** Returns the variables of jobs: `$IPVSADM_OURS`, and the program that runs its subcommands. */
export function variablesUnderTest(): Record<string, string> {
  const program = programUnderTest();
  const path = join(checkout, programs[program]);
  const build = `npm run build && npm run build:${program === 'static' ? 'image' : 'native'}`;
  if (!existsSync(path)) throw new Error(`${path} is missing: run '${build}'`);
  return {
    IPVSADM_UNDER_TEST: program,
    IPVSADM_OURS: path,
    IPVSADM_WORDS: join(checkout, programs.node),
  };
}
