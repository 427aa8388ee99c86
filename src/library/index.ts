/** The public API of the npm package: access to the kernel's IPVS table. */

export { openNodeTransport } from '../engines/node/transport';
export { type Detailed, IpvsClient } from '../ipvs/client';
export { AF_INET, AF_INET6, type Family, formatAddress, parseAddress } from '../model/address';
export type { Change } from '../model/change';
export type { Operation } from '../model/operation';
export * from '../model/real-server';
export * from '../model/statistics';
export * from '../model/sync-daemon';
export * from '../model/table';
export * from '../model/virtual-service';
export { AttributeError, MessageError, NetlinkError, TransportError } from '../netlink/errors';
export type { Transport } from '../netlink/transport';
export type * from '../state/document/types';
export { addressService, fwmarkService, realServer, virtualService } from './builders';
