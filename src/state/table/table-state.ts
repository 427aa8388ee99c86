/** The state of a table in the model's terms: read from a file, or from the kernel. */
import { formatEndpoint } from '../../format/endpoint';
import { AF_INET } from '../../model/address';
import { nameOf } from '../../model/flag-names';
import type { RealServer, ServerKey } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import { protocols, type ServiceKey, type VirtualService } from '../../model/virtual-service';

/** What is absent is not spoken of: loading the state leaves it alone. */
export interface TableState {
  /** 0 keeps a timeout. */
  readonly timeouts?: Timeouts | undefined;
  readonly daemons?: readonly SyncDaemon[] | undefined;
  readonly services?: readonly ServiceState[] | undefined;
}

export interface ServiceState {
  readonly service: VirtualService;
  /** In the order in which they are added. */
  readonly servers: readonly RealServer[];
}

/** The whole of a table. */
export type WholeState = Required<{ [K in keyof TableState]: NonNullable<TableState[K]> }>;

/** What messages and --only call a service: `tcp:192.0.2.10:80`, `fwmark:7`, `fwmark:7:ipv6`. No two have the same. */
export function serviceName(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark:${key.fwmark}${key.family === AF_INET ? '' : ':ipv6'}`;
  return `${nameOf(protocols, key.protocol) ?? key.protocol}:${formatEndpoint(key, 0, undefined)}`;
}

/** What messages call a real server: `10.0.0.17:80`, `[2001:db8::7]:80`. No two of a service have the same. */
export function serverName(key: ServerKey): string {
  return formatEndpoint(key, 0, undefined);
}
