import type { RealServer } from '../../model/real-server';
import type { VirtualService } from '../../model/virtual-service';
import type { Parsed } from '../source/tree';
import type { TableState } from '../table/table-state';

/** An imported format: how the configuration of another program is written and read. */
export interface ImportedFormat {
  /** Its name in messages. */
  readonly name: string;
  /** The text before the services; '' for none. */
  readonly head: (state: TableState) => string;
  /**
   * A service with the texts of its real servers; undefined when the format has no such service.
   */
  readonly service: (service: VirtualService, servers: readonly string[]) => string | undefined;
  /** A real server; undefined when the format has no such server. */
  readonly server: (server: RealServer, service: VirtualService) => string | undefined;
  readonly read: (text: string) => Parsed;
}
