import type { RealServer, ServerKey } from './real-server';
import type { SyncDaemon } from './sync-daemon';
import type { Timeouts } from './table';
import type { ServiceKey, VirtualService } from './virtual-service';

/** A change that a command can request from the kernel, which answers with an ack or an errno. */
export type Change =
  | { readonly kind: 'add-service' | 'edit-service'; readonly service: VirtualService }
  | { readonly kind: 'delete-service'; readonly key: ServiceKey }
  | { readonly kind: 'add-server' | 'edit-server'; readonly key: ServiceKey; readonly server: RealServer }
  | { readonly kind: 'delete-server'; readonly key: ServiceKey; readonly server: ServerKey }
  | { readonly kind: 'flush' }
  | { readonly kind: 'zero'; readonly key?: ServiceKey | undefined }
  | { readonly kind: 'set-timeouts'; readonly timeouts: Timeouts }
  | { readonly kind: 'start-daemon' | 'stop-daemon'; readonly daemon: SyncDaemon };
