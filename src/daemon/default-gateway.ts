/** The gateway of this machine's default route. */
import { NETLINK_ROUTE } from '../host/attributes';
import { HostClient } from '../host/client';
import type { Route } from '../host/types';
import { formatAddress, parseAddress } from '../model/address';
import type { InteractiveSystem } from '../platform/interactive-system';

/** Addresses to which the kernel is asked the way; nothing is sent there. A table may have millions of routes. */
const FAR = ['128.0.0.1', '2000::1'];
const LINK_LOCAL = /^fe[89ab]/;

/** @returns undefined without a default route, and for one without a gateway. */
export function defaultGateway({ openNetlink }: Pick<InteractiveSystem, 'openNetlink'>): string | undefined {
  let host: HostClient | undefined;
  try {
    host = new HostClient(openNetlink(NETLINK_ROUTE));
    for (const far of FAR) {
      const route = routeTo(host, far);
      if (route?.gateway) return gatewayOf(host, route.gateway, route.link);
    }
  } catch {
    // What the kernel does not tell is as if it were not there.
  } finally {
    host?.close();
  }
  return undefined;
}

function routeTo(host: HostClient, far: string): Route | undefined {
  try {
    return host.routeTo(parseAddress(far)!);
  } catch {
    return undefined;
  }
}

/** An address of a link alone needs the name of the link. */
function gatewayOf(host: HostClient, gateway: Uint8Array, link: number | undefined): string | undefined {
  const address = formatAddress(gateway);
  if (!LINK_LOCAL.test(address)) return address;
  const name = host.links().find(({ index }) => index === link)?.name;
  return name === undefined ? undefined : `${address}%${name}`;
}
