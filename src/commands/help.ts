/** Help on the word commands: oclif's own, loaded when it is asked for. */
import { join } from 'node:path';
import { Config, Help } from '@oclif/core';

// Where package.json tells oclif to look for the commands.
export { commands } from './tree';

/** Prints help on a command, a topic ('service'), or everything ([]). */
export async function printHelp(words: readonly string[]): Promise<void> {
  const config = await Config.load({ root: join(__dirname, '..') });
  await new Help(config).showHelp([...words]);
}
