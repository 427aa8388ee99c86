/** --json and --yaml: a document or a listing as data. Streams of a line each have --json alone. */
import * as Flags from '@oclif/core/flags';
import { toText } from '../../bytes/byte-text';
import { bytesFromUnicode } from '../../bytes/unicode';
import type { CommandContext } from './base';
import { capturedOutput } from './captured';

/** The values of `dataFlags`. */
export interface DataFlags {
  readonly json?: boolean | undefined;
  readonly yaml?: boolean | undefined;
}

interface Relations {
  readonly exclusive?: readonly string[];
  readonly dependsOn?: readonly string[];
}

export function dataFlags(description = 'print JSON', { exclusive = [], dependsOn = [] }: Relations = {}) {
  return {
    json: Flags.boolean({ description, exclusive: ['yaml', ...exclusive], dependsOn: [...dependsOn] }),
    yaml: yamlFlag({ exclusive, dependsOn }),
  };
}

/** --yaml beside a --json that has been declared elsewhere. */
export function yamlFlag({ exclusive = [], dependsOn = [] }: Relations = {}) {
  return Flags.boolean({
    description: 'the same in YAML',
    exclusive: ['json', ...exclusive],
    dependsOn: [...dependsOn],
  });
}

/** Whether data are asked for, in place of text for people. */
export function asksData({ json, yaml }: DataFlags): boolean {
  return Boolean(json || yaml);
}

/** Prints data as --json or --yaml asks. @param json the text of a JSON document, or its pieces. */
export function writeData(
  { output, system }: Pick<CommandContext, 'output' | 'system'>,
  { yaml }: DataFlags,
  json: string | Iterable<string>,
): void {
  const pieces = typeof json === 'string' ? [json] : json;
  if (!yaml) {
    for (const piece of pieces) output.write(bytesFromUnicode(piece));
    return;
  }
  const { yamlText } = require('../../state/files/yaml-text') as typeof import('../../state/files/yaml-text');
  if (!system.stdoutIsTerminal()) output.asIs(); // names keep their bytes
  for (const piece of yamlText([...pieces].join(''))) output.write(piece);
}

/** As `writeData`, of a value. */
export function writeValue(
  context: Pick<CommandContext, 'output' | 'system'>,
  flags: DataFlags,
  value: unknown,
): void {
  writeData(context, flags, `${JSON.stringify(value, undefined, 2)}\n`);
}

/**
 * Does `work`, whose output is JSON in ASCII, and prints that as --json or --yaml asks.
 * @param work returns the exit status.
 */
export async function printingData(
  context: CommandContext,
  flags: DataFlags,
  work: (context: CommandContext) => Promise<number>,
): Promise<number> {
  if (!flags.yaml) return await work(context);
  const { output, blocks } = capturedOutput(context.system);
  const status = await work({ ...context, output });
  output.flush();
  if (blocks.length > 0) writeData(context, flags, blocks.map(toText).join(''));
  return status;
}
