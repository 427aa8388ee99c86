/** Help on the word commands: oclif's own, loaded when it is asked for. */
import { join } from 'node:path';
import { Config, Help } from '@oclif/core';
import { type GlobalOption, globalOptions } from '../command-line/global-options';

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

  override formatRoot(): string {
    const rows = Object.entries<GlobalOption>(globalOptions).map(
      ([name, { argument, summary }]) => [`  --${name}${argument ? `=${argument}` : ''}`, summary] as const,
    );
    const width = Math.max(...rows.map(([spelling]) => spelling.length));
    const lines = rows.map(([spelling, summary]) => `${spelling.padEnd(width)}  ${summary}`);
    return [super.formatRoot(), '', 'OPTIONS OF EVERY COMMAND', ...lines].join('\n');
  }

  protected override log(...lines: string[]): void {
    this.text += `${lines.join(' ')}\n`;
  }
}
