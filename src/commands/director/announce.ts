/** Tells the neighbours that this machine has the VIPs now, so that they do not wait for old entries to end. */
import type { AddressStep, Machine } from '../../setup/step';
import type { CommandContext } from '../support/base';

/** @returns the addresses that were announced; says on standard error of which neighbours were not told. */
export function announce(
  vips: readonly AddressStep[],
  machine: Machine,
  { system, output }: CommandContext,
): readonly string[] {
  const [first] = vips;
  if (!first) return [];
  const addresses = vips.map(({ address }) => address);
  const helper = system.runPackets(['announce', first.link, ...addresses]);
  if (helper?.status === 0) return addresses;
  const reason = helper ? helper.stderr.trim().split('\n')[0] : 'the native executable is not there';
  const byKernel = announceByKernel(first.link, machine)
    ? addresses.filter((address) => !address.includes(':'))
    : [];
  const rest = addresses.filter((address) => !byKernel.includes(address));
  if (rest.length > 0) {
    output.error(
      `ipvsadm: note: ${rest.join(', ')}: the neighbours were not told (${reason}): they learn it when their entries end`,
    );
  }
  return byKernel;
}

/**
 * Gives the interface the MAC address that it has: with arp_notify=1 the kernel sends a gratuitous ARP for
 * each IPv4 address of it.
 */
function announceByKernel(name: string, machine: Machine): boolean {
  const link = machine.host.links().find((each) => each.name === name);
  const setting = `net/ipv4/conf/${name}/arp_notify`;
  const former = machine.readSysctl(setting);
  if (link?.address?.length !== 6 || former === undefined) return false;
  try {
    machine.writeSysctl(setting, '1');
    machine.host.setLinkAddress(link.index, link.address);
    return true;
  } catch {
    return false; // some devices refuse it while they are up
  } finally {
    machine.writeSysctl(setting, former);
  }
}
