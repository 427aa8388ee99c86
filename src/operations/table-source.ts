/** Where a listing reads virtual services and their real servers. */
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { optionalColumns } from '../ipvs/server-columns';
import { ServerRows } from '../ipvs/server-rows';
import { PROC_TABLE, parseProcTable } from '../live/proc-table';
import type { IpvsInfo } from '../model/table';
import type { ServiceKey } from '../model/virtual-service';
import type { System } from '../platform/system';
import type { ServiceEntry } from '../state/table/listed-state';
import { serviceName } from '../state/table/table-state';
import type { IpvsConnection } from './connect';

export interface TableSource {
  readonly info: IpvsInfo;
  /** Whether it lacks `missingParts` of what the kernel has. */
  readonly partial: boolean;
  /**
   * All services, or the one of `key`, in the kernel's order.
   * @param wanted whether a service is read; absent: each is.
   * @throws NetlinkError and other netlink failures; ESRCH if there is no service of that key.
   */
  entries(key?: ServiceKey, wanted?: (key: ServiceKey) => boolean): Iterable<ServiceEntry>;
}

/** The table as generic netlink tells it. */
export function kernelSource({ client, info }: IpvsConnection): TableSource {
  return {
    info,
    partial: false,
    *entries(key, wanted = () => true) {
      const rows = new ServerRows({ columns: optionalColumns(), complete: true });
      for (const service of client.detailedServices(key)) {
        if (!wanted(service.key)) continue;
        client.serverRows(service.key, rows);
        yield { service, servers: rows.servers() };
      }
    },
  };
}

/** The table as everyone may read it, without CAP_NET_ADMIN; undefined if it cannot be read. */
export function procSource(system: System): TableSource | undefined {
  const table = parseProcTable(system.readFile(PROC_TABLE) ?? '');
  if (!table) return undefined;
  return {
    info: table.info,
    partial: true,
    *entries(key, wanted = () => true) {
      // Again each time: a listing may be repeated.
      const { services } = parseProcTable(system.readFile(PROC_TABLE) ?? '') ?? table;
      const found = services.filter(({ service }) => !key || serviceName(service.key) === serviceName(key));
      if (key && found.length === 0) throw missing(serviceName(key), services);
      for (const entry of found) if (wanted(entry.service.key)) yield entry;
    },
  };
}

/** The error of a service that is not there. */
export function missing(name: string, entries: Iterable<Pick<ServiceEntry, 'service'>>): IpvsadmError {
  const there = [...entries].map(({ service }) => serviceName(service.key)).join(', ') || 'none';
  return new IpvsadmError(`ipvsadm: the table has no service ${name}; it has: ${there}`, exitStatus.listing);
}
