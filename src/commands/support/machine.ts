/** The machine and the journals that the steps of a set-up work on, made from the system. */
import { bytesFromUnicode } from '../../bytes/unicode';
import { errno } from '../../errors/errno';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import { NETLINK_ROUTE } from '../../host/attributes';
import { HostClient } from '../../host/client';
import { guePorts } from '../../host/gue';
import { NetlinkError } from '../../netlink/errors';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { OutputError } from '../../platform/system';
import { type Left, StepFailure } from '../../setup/carry-out';
import { type Journal, journalText, parseJournal } from '../../setup/journal';
import { describeStep } from '../../setup/kinds';
import { reasonOf } from '../../setup/reason';
import type { Machine, NftResult } from '../../setup/step';

/** Ends with the machine, as what the journals tell of does. */
const RUN_DIRECTORY = '/run/ipvsadm';

/** Does `work` with this machine. @throws IpvsadmError. */
export async function withMachine<T>(
  system: InteractiveSystem,
  work: (machine: Machine) => Promise<T>,
): Promise<T> {
  const host = new HostClient(system.openNetlink(NETLINK_ROUTE));
  const generic = system.openTransport();
  const ports = guePorts(generic);
  try {
    return await work({
      host,
      readSysctl: (name) => system.readFile(`/proc/sys/${name}`)?.trim(),
      writeSysctl: (name, value) => system.writeKernelFile(`/proc/sys/${name}`, `${value}\n`),
      hasModule: (name) => system.readDirectory('/sys/module').includes(name),
      loadModule: (name) => system.loadKernelModule(name),
      guePorts: (ipv6) => unlessNoFamily(() => ports.list(ipv6)),
      addGuePort: ports.add,
      deleteGuePort: ports.delete,
      nft: (commands) => nft(commands, system),
    });
  } catch (error) {
    throw asRefusal(error);
  } finally {
    generic.close();
    host.close();
  }
}

/**
 * nft opens its standard input by name, which works for a pipe of the shell, and not for the socket that
 * Node makes of it.
 */
const NFT_READING_PIPE = 'cat | nft -j -f /proc/self/fd/0';
/** The status of a shell that does not find a program. */
const NOT_FOUND = 127;

function nft(commands: readonly object[], system: InteractiveSystem): NftResult {
  const result = system.runProgram('sh', ['-c', NFT_READING_PIPE], JSON.stringify({ nftables: commands }));
  if (!result || result.status === NOT_FOUND) {
    return { failure: 'nft (nftables) cannot be run: install the package nftables' };
  }
  if (result.status === 0) return { output: result.stdout };
  const [reason = ''] = result.stderr.trim().split('\n');
  return { failure: reason.replace(/^internal:0:0-0: Error: /, '') || `nft: status ${result.status}` };
}

/** The journal of a kind of set-up in this network namespace. */
export function journalOf(kind: 'realserver' | 'director' | 'doctor', system: InteractiveSystem): Journal {
  const path = `${RUN_DIRECTORY}/${kind}-${system.networkNamespace ?? 'default'}.json`;
  return {
    read() {
      const text = system.readFile(path);
      const entries = text === undefined ? [] : parseJournal(text);
      if (entries) return entries;
      throw new IpvsadmError(
        `ipvsadm: ${path} is not a journal of this program: it says what was there before; move it away`,
        exitStatus.usage,
      );
    },
    async write(entries) {
      try {
        if (entries.length === 0) return system.removeFile(path);
        system.makeDirectory(RUN_DIRECTORY);
        await system.replaceFile(path, [bytesOf(journalText(entries))]);
      } catch (error) {
        if (!(error instanceof OutputError)) throw error;
        throw new IpvsadmError(
          `ipvsadm: ${path}: ${error.reason ?? strerror(error.errno)}`,
          exitStatus.refused,
        );
      }
    },
  };
}

/** Lines about steps that were not taken back. */
export function leftLines(left: readonly Left[]): string[] {
  return left.map(({ step, reason }) => `ipvsadm: ${describeStep(step)} stays: ${reason}`);
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof StepFailure)) return error;
  const outcome =
    error.left.length === 0
      ? ['ipvsadm: nothing is changed: what had been made was taken back']
      : leftLines(error.left);
  const message = `ipvsadm: ${describeStep(error.step)}: ${reasonOf(error.cause)}`;
  return new IpvsadmError(
    bytesFromUnicode([message, ...outcome].join('\n')),
    exitStatus.refused,
    undefined,
    error,
  );
}

function unlessNoFamily(list: () => readonly number[]): readonly number[] {
  try {
    return list();
  } catch (error) {
    if (error instanceof NetlinkError && error.errno === errno.ENOENT) return [];
    throw error;
  }
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
