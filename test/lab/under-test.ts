import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './paths';

/** The programs of ours, from the project's root. */
const programs = { node: 'bin/ipvsadm', native: 'dist/native/ipvsadm' } as const;

export type ProgramUnderTest = keyof typeof programs;

/** Which program the suites test: the variable IPVSADM_UNDER_TEST says it, for Node nobody need. */
export function programUnderTest(): ProgramUnderTest {
  const asked = process.env.IPVSADM_UNDER_TEST || 'node';
  if (asked in programs) return asked as ProgramUnderTest;
  throw new Error(`IPVSADM_UNDER_TEST is ${asked}: there are ${Object.keys(programs).join(', ')}`);
}

/** What jobs see of it: `$IPVSADM_OURS`, and the program that takes its commands in words. */
export function variablesUnderTest(): Record<string, string> {
  const program = programUnderTest();
  const path = join(checkout, programs[program]);
  if (!existsSync(path)) throw new Error(`${path} is missing: run 'npm run build:native'`);
  return {
    IPVSADM_UNDER_TEST: program,
    IPVSADM_OURS: path,
    IPVSADM_WORDS: join(checkout, programs.node),
  };
}
