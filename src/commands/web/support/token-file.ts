/** The file of tokens as the commands change it. */
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode, unicodeFromBytes } from '../../../bytes/unicode';
import { exitStatus } from '../../../errors/exit-status';
import { IpvsadmError } from '../../../errors/ipvsadm-error';
import type { WebToken } from '../../../web/tokens';
import type { CommandContext } from '../../support/base';

const PRIVATE = 0o600;
const DIRECTORY = 0o755;

export const tokenFileFlag = {
  file: Flags.string({
    helpValue: 'PATH',
    description: 'the file of tokens; the server reads this one',
    default: '/etc/ipvsadm/web-tokens.json',
  }),
};

/** None if there is no file. @throws IpvsadmError if it is not one of tokens. */
export function readTokens({ system }: CommandContext, file: string): WebToken[] {
  const { parseTokens } = tokens();
  if (system.fileMode(file) === undefined) return [];
  const bytes = system.readFile(file);
  try {
    if (bytes === undefined) throw new Error('it cannot be read: root may');
    return parseTokens(unicodeFromBytes(bytes));
  } catch (error) {
    const why = `ipvsadm: ${unicodeFromBytes(file)}: ${(error as Error).message}`;
    throw new IpvsadmError(bytesFromUnicode(why), exitStatus.usage);
  }
}

/** @throws OutputError. */
export async function writeTokens(
  { system }: CommandContext,
  file: string,
  all: readonly WebToken[],
): Promise<void> {
  const folder = file.replace(/\/[^/]*$/, '');
  if (folder !== file && folder !== '') system.makeDirectory(folder, DIRECTORY);
  const text = Buffer.from(tokens().formatTokens(all), 'utf8');
  await system.replaceFile(file, [text], PRIVATE);
}

/** What Node's crypto module is needed for: loaded by these commands alone. */
export function tokens(): typeof import('../../../web/tokens') {
  return require('../../../web/tokens') as typeof import('../../../web/tokens');
}
