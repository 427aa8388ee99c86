import type { Change } from './change';

/** A request to the kernel: the kind of a change, or the IpvsClient method of a query. */
export type Operation =
  | Change['kind']
  | 'connect'
  | 'info'
  | 'services'
  | 'service'
  | 'servers'
  | 'timeouts'
  | 'daemons';
