import { toText } from '../bytes/byte-text';
import { noGlobals } from '../command-line/global-options';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError, usageError } from '../errors/ipvsadm-error';
import { kernelSentence } from '../errors/kernel-messages';
import { errnoOf, isNetlinkFailure } from '../netlink/errors';
import { connect } from '../operations/connect';
import type { Output } from '../platform/output';
import type { System } from '../platform/system';
import type { Replaced } from '../state/plan/replace';
import type { Keep } from './classic';
import { reporting } from './report';

/**
 * ipvsadm-restore --strict: replaces the table with rules. Nothing changes if one of them is wrong:
 * all of these are reported, with their places. If the kernel refuses one, what was changed is taken
 * back.
 * @returns the exit status.
 */
export async function replaceStrictly(
  system: System,
  blocks: readonly Uint8Array[],
  keep?: Keep,
): Promise<number> {
  return await reporting(system, noGlobals, async (output) => {
    const { checkRules, replaceTable } =
      require('../state/plan/replace') as typeof import('../state/plan/replace');
    const rules = await checkRules(blocks.map((block) => toText(block)).join(''), system);
    if (rules.report !== '') output.error(rules.report);
    if (!rules.good) throw usageError('ipvsadm-restore: the table is unchanged');
    const { client, warning } = connect(system);
    if (warning) output.error(warning);
    try {
      const replace = async () => report(await replaceTable(rules, client), output);
      return keep ? await keep(client, replace) : await replace();
    } catch (error) {
      if (!isNetlinkFailure(error)) throw error;
      throw new IpvsadmError(kernelSentence('restore', errnoOf(error)), exitStatus.refused);
    } finally {
      client.close();
    }
  });
}

function report({ kind, refused, failure }: Replaced, output: Output): number {
  if (kind === 'done') return exitStatus.ok;
  if (refused !== '') output.error(refused);
  if (failure !== undefined) output.error(kernelSentence('restore', errnoOf(failure)));
  output.error(
    kind === 'put-back'
      ? 'ipvsadm-restore: services and real servers are as they were before'
      : 'ipvsadm-restore: the former table could NOT be put back completely',
  );
  return exitStatus.refused;
}
