import type { Change } from './change';

/** What was asked of the kernel: a change by its kind, or a question by the name of its method in IpvsClient. */
export type Operation =
  | Change['kind']
  | 'connect'
  | 'info'
  | 'services'
  | 'service'
  | 'servers'
  | 'timeouts'
  | 'daemons';
