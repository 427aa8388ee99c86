import type { ServiceKey } from './model/virtual-service';
import type { Change } from './netlink/change';

/** How a listing of services shows its columns; the first one given wins. */
export const listFormats = ['stats', 'rate', 'thresholds', 'persistent-conn', 'tun-info'] as const;
export type ListFormat = 'plain' | (typeof listFormats)[number];

export interface ListServices {
  readonly kind: 'list-services';
  /** One service only; absent: all. */
  readonly key?: ServiceKey | undefined;
  readonly format: ListFormat;
  readonly numeric: boolean;
  readonly exact: boolean;
  readonly sorted: boolean;
}

/** What one command line asks for. */
export type Request =
  | Change
  | ListServices
  | { readonly kind: 'list-connections'; readonly numeric: boolean; readonly engineData: boolean }
  | { readonly kind: 'list-timeouts' }
  | { readonly kind: 'list-daemons' }
  | { readonly kind: 'save'; readonly numeric: boolean }
  | { readonly kind: 'restore' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };
