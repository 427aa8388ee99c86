/** The public API of the npm package: access to the kernel's IPVS table. */

export { openNodeTransport } from '../engines/node/transport';
export type { Detailed } from '../ipvs/client';
export type { RowServer } from '../ipvs/server-rows';
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
export type { Planned } from '../state/plan/apply';
export { type PlannedChange, type PlanOptions, planChanges } from '../state/plan/diff';
export type { TableEvent } from '../state/plan/table-events';
export type { ServiceState, TableState, WholeState } from '../state/table/table-state';
export { ApplyError, type RefusedPlannedChange } from './apply-error';
export { addressService, fwmarkService, realServer, virtualService } from './builders';
export { type ClientTransport, IpvsClient } from './client';
export type { ConnectionFilter, ConnectionProtocol } from './connections';
export {
  DocumentError,
  type DocumentProblem,
  planLines,
  type ReadDocument,
  readDocument,
  writeDocument,
} from './documents';
export type { PlanSettings } from './plan';
export type { ServerSettings, ServiceSettings } from './settings';
export type { WatchOptions } from './watch';
