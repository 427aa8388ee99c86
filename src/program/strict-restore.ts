import { toText } from '../bytes/byte-text';
import { noGlobals } from '../command-line/global-options';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError, usageError } from '../errors/ipvsadm-error';
import { kernelSentence } from '../errors/kernel-messages';
import type { IpvsClient } from '../ipvs/client';
import type { Change } from '../model/change';
import { errnoOf, isNetlinkFailure } from '../netlink/errors';
import { connect } from '../operations/connect';
import type { Output } from '../platform/output';
import type { System } from '../platform/system';
import type { CheckedRules } from '../state/rules/check';
import { reporting } from './report';

/**
 * ipvsadm-restore --strict: replaces the table with rules. Nothing changes if one of them is wrong:
 * all of these are reported, with their places. If the kernel refuses one, the services and real
 * servers from before are put back.
 * @returns the exit status.
 */
export async function replaceStrictly(system: System, blocks: readonly Uint8Array[]): Promise<number> {
  return await reporting(system, noGlobals, async (output) => {
    const { checkRules } = require('../state/rules/check') as typeof import('../state/rules/check');
    const rules = await checkRules(blocks.map((block) => toText(block)).join(''), system);
    if (rules.report !== '') output.error(rules.report);
    if (!rules.good) throw usageError('ipvsadm-restore: the table is unchanged');
    return replaceTable(rules, system, output);
  });
}

/**
 * Clears the table and makes the changes, in one stream of batches. If the kernel refuses one, does
 * the same with what was there before.
 */
function replaceTable(rules: CheckedRules, system: System, output: Output): number {
  const { client, warning } = connect(system);
  if (warning) output.error(warning);
  try {
    const former = formerTable(client);
    const refused = replaceBy(rules.changes, rules.refusals, client);
    if (refused === '') return exitStatus.ok;
    output.error(refused);
    const lost = replaceBy(former, (errnos) => sentences(former, errnos), client);
    if (lost === '') output.error('ipvsadm-restore: services and real servers are as they were before');
    else output.error(`${lost}\nipvsadm-restore: the former table could NOT be put back completely`);
    return exitStatus.refused;
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    throw new IpvsadmError(kernelSentence('restore', errnoOf(error)), exitStatus.refused);
  } finally {
    client.close();
  }
}

/** What makes the present table from an empty one. The kernel lists the newest first. */
function formerTable(client: IpvsClient): Change[] {
  const services = client
    .bareServices()
    .reverse()
    .flatMap((service): Change[] => [
      { kind: 'add-service', service },
      ...client
        .servers(service.key)
        .reverse()
        .map((server): Change => ({ kind: 'add-server', key: service.key, server })),
    ]);
  return [{ kind: 'set-timeouts', timeouts: client.timeouts() }, ...services];
}

/** Clears the table and makes the changes. @returns the report on those refused. */
function replaceBy(
  changes: readonly Change[],
  report: (errnos: readonly number[]) => string,
  client: IpvsClient,
): string {
  const [flush = 0, ...errnos] = client.changes([{ kind: 'flush' }, ...changes]);
  return flush === 0 ? report(errnos) : kernelSentence('flush', flush);
}

function sentences(changes: readonly Change[], errnos: readonly number[]): string {
  return errnos
    .flatMap((errno, index) => (errno === 0 ? [] : [kernelSentence(changes[index]!.kind, errno)]))
    .join('\n');
}
