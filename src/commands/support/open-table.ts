import { errno } from '../../errors/errno';
import { IpvsClient } from '../../ipvs/client';
import { isNetlinkFailure, NetlinkError } from '../../netlink/errors';
import { connect } from '../../operations/connect';
import type { System } from '../../platform/system';

/**
 * The IPVS table; undefined if the kernel has none: unlike `connect`, this loads no module.
 * @throws IpvsadmError for any other reason.
 */
export function openTable(system: System): IpvsClient | undefined {
  const transport = system.openTransport();
  try {
    const client = new IpvsClient(transport);
    client.info();
    return client;
  } catch (error) {
    transport.close();
    if (!isNetlinkFailure(error)) throw error;
    if (error instanceof NetlinkError && error.errno === errno.ENOENT) return undefined;
    return connect(system).client;
  }
}
