/**
 * The kernel settings without which no answer comes back to a check through the forwarding path: with
 * direct routing and tunnels, answers have the VIP as their source, which is an address of this machine
 * itself. The answers of IPv6 the kernel takes without any.
 */
import { FORWARDING_MASK, forwardingMethods } from './real-server';

export type PathSetting = 'accept_local' | 'rp_filter';

const STRICT = 1;

/** Whether the answers of a real server come from the VIP, and not through this machine. */
export function answersDirectly(forwarding: number): boolean {
  const method = forwarding & FORWARDING_MASK;
  return method === forwardingMethods.gatewaying || method === forwardingMethods.tunneling;
}

/**
 * The setting that drops such answers.
 * @param value the larger of the values for `all` and for the interface by which they come.
 * @param hasVip whether that interface has the VIP: strict filtering is enough there.
 */
export function droppingSetting(
  value: (setting: PathSetting) => number,
  hasVip: boolean,
): PathSetting | undefined {
  if (value('accept_local') === 0) return 'accept_local';
  return value('rp_filter') === STRICT && !hasVip ? 'rp_filter' : undefined;
}
