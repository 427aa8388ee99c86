import type { Change } from '../model/change';
import type { ServiceKey } from '../model/virtual-service';

/** The options that select the columns of a listing of services; the first one given wins. */
export const listFormats = ['stats', 'rate', 'thresholds', 'persistent-conn', 'tun-info'] as const;
export type ListFormat = 'plain' | (typeof listFormats)[number];

export interface ListServices {
  readonly kind: 'list-services';
  /** The service to list; absent: all. */
  readonly key?: ServiceKey | undefined;
  readonly format: ListFormat;
  readonly numeric: boolean;
  readonly exact: boolean;
  readonly sorted: boolean;
  /** Whether to list as a state document (docs/state.md). */
  readonly json?: true;
}

export type ListRequest =
  | ListServices
  | {
      readonly kind: 'list-connections';
      readonly numeric: boolean;
      readonly engineData: boolean;
      readonly json?: true;
    }
  | { readonly kind: 'list-timeouts' | 'list-daemons'; readonly json?: true };

/** What one command line requests. */
export type Request =
  | Change
  | ListRequest
  | { readonly kind: 'save'; readonly numeric: boolean }
  | { readonly kind: 'restore' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };
