import type { RealServer } from '../../model/real-server';
import type { VirtualService } from '../../model/virtual-service';
import type { Parsed } from '../source/tree';
import type { TableState } from '../table/table-state';

/** How one program's configuration is written. */
export interface ImportedFormat {
  /** What messages call it. */
  readonly name: string;
  /** What stands outside services; '' when nothing does. */
  readonly head: (state: TableState) => string;
  /** A service around the lines of its real servers; undefined: the program knows no such service. */
  readonly service: (service: VirtualService, servers: readonly string[]) => string | undefined;
  /** A real server; undefined: the program knows no such server. */
  readonly server: (server: RealServer, service: VirtualService) => string | undefined;
  readonly read: (text: string) => Parsed;
}
