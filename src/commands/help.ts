/** Help on the word commands: oclif's own, loaded when it is asked for. */
import { join } from 'node:path';
import { Config, Help } from '@oclif/core';

// Where package.json tells oclif to look for the commands.
export { commands } from './tree';

/** Help on a command, a topic ('service'), or everything ([]). */
export async function helpOn(words: readonly string[]): Promise<string> {
  const help = new CollectedHelp(await Config.load({ root: join(__dirname, '..') }));
  await help.showHelp([...words]);
  return help.text;
}

/** oclif prints its help itself; ours goes the way of all output. */
class CollectedHelp extends Help {
  text = '';

  protected override log(...lines: string[]): void {
    this.text += `${lines.join(' ')}\n`;
  }
}
