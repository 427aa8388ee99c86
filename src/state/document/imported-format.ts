import type { DirectorServer, DirectorService } from '../../model/director';
import type { RealServer } from '../../model/real-server';
import type { VirtualService } from '../../model/virtual-service';
import type { Parsed } from '../source/tree';
import type { TableState } from '../table/table-state';

/** A real server with its checks, and its service with its policies. */
export interface CheckedServer {
  readonly own: DirectorServer;
  readonly service: DirectorService;
}

/** An imported format: how the configuration of another program is written and read. */
export interface ImportedFormat {
  /** Its name in messages. */
  readonly name: string;
  /** The text before the services; '' for none. */
  readonly head: (state: TableState) => string;
  /** The text before the services that their checks need; '' for none. */
  readonly checksHead?: (services: readonly DirectorService[]) => string;
  /**
   * A service with the texts of its real servers; undefined when the format has no such service.
   */
  readonly service: (
    service: VirtualService,
    servers: readonly string[],
    checked?: DirectorService,
  ) => string | undefined;
  /** A real server; undefined when the format has no such server. */
  readonly server: (
    server: RealServer,
    service: VirtualService,
    checked?: CheckedServer,
  ) => string | undefined;
  readonly read: (text: string) => Parsed;
}
