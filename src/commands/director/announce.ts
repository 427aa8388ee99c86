/** Tells the neighbours that this machine has the VIPs now, so that they do not wait for old entries to end. */
import { makeSetup, StepFailure, undoSetup } from '../../setup/carry-out';
import { type Journal, stepKey } from '../../setup/journal';
import type { AddressStep, Machine, Step } from '../../setup/step';
import type { CommandContext } from '../support/base';

export interface News {
  readonly vips: readonly AddressStep[];
  /** Whether some of them are new. */
  readonly fresh: boolean;
  readonly machine: Machine;
  readonly journal: Journal;
}

/** @returns the addresses that were announced; says on standard error of which neighbours were not told. */
export async function announce(news: News, { system, output }: CommandContext): Promise<readonly string[]> {
  const [first] = news.vips;
  if (!first) return [];
  const addresses = news.vips.map(({ address }) => address);
  const helper = system.runPackets(['announce', first.link, ...addresses]);
  if (helper?.status === 0) return addresses;
  const setting: Step = { kind: 'sysctl', name: `net/ipv4/conf/${first.link}/arp_notify`, value: 1 };
  // Unlike packets of the helper, this changes something: not done again without need.
  if (!news.fresh && !entered(setting, news.journal)) return [];
  const reason = helper ? helper.stderr.trim().split('\n')[0] : 'the native executable is not there';
  const byKernel = (await announceByKernel(first.link, setting, news))
    ? addresses.filter((address) => !address.includes(':'))
    : [];
  const rest = addresses.filter((address) => !byKernel.includes(address));
  if (rest.length > 0) {
    output.note(
      `ipvsadm: note: ${rest.join(', ')}: the neighbours were not told (${reason}): they learn it when their entries end`,
    );
  }
  return byKernel;
}

function entered(step: Step, journal: Journal): boolean {
  return journal.read().some((entry) => stepKey(entry.step) === stepKey(step));
}

/**
 * Gives the interface the MAC address that it has: with arp_notify=1 the kernel sends a gratuitous ARP for
 * each IPv4 address of it. The setting is in the journal meanwhile, in case this process is killed.
 */
async function announceByKernel(name: string, setting: Step, { machine, journal }: News): Promise<boolean> {
  const link = machine.host.links().find((each) => each.name === name);
  if (link?.address?.length !== 6) return false;
  try {
    await makeSetup([setting], machine, journal);
  } catch (error) {
    if (error instanceof StepFailure) return false;
    throw error;
  }
  try {
    machine.host.setLinkAddress(link.index, link.address);
    return true;
  } catch {
    return false; // some devices refuse it while they are up
  } finally {
    await undoSetup(machine, journal, (step) => stepKey(step) === stepKey(setting));
  }
}
