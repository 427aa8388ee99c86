/** Every directive of ldirectord(8), 4.x, and what becomes of it. What has a field is converted (`services.ts`). */

export interface Directive {
  /** The fields of a state document that it becomes. */
  readonly field?: string;
  /** Why it becomes none: what it is, to ldirectord. */
  readonly outside?: string;
}

export type Directives = Readonly<Record<string, Directive>>;

const outside = (what: string, ...names: readonly string[]): Directives =>
  Object.fromEntries(names.map((name) => [name, { outside: what }]));

const FALLBACK = 'the fallback server is in the table only while the real servers are down';

/** Both in a section and outside. */
const common: Directives = {
  ...outside(
    'it is about health checks',
    'checktimeout',
    'negotiatetimeout',
    'checkinterval',
    'checkcount',
    'failurecount',
  ),
  ...outside(FALLBACK, 'fallback', 'fallback6'),
  ...outside('it runs a script', 'fallbackcommand'),
  ...outside('it sends mail', 'emailalert', 'emailalertfreq', 'emailalertstatus', 'smtp'),
  ...outside('it says what happens when a health check fails: weight 0 in place of removal', 'quiescent'),
  ...outside('it is about the daemon', 'cleanstop'),
};

/** At the beginning of a line. */
export const globalDirectives: Directives = {
  virtual: { field: 'protocol, address, port, fwmark' },
  virtual6: { field: 'protocol, address, port, fwmark, family' },
  ...common,
  ...outside('it sends mail', 'emailalertfrom'),
  ...outside(
    'it says what happens when a health check fails: weight 0 in place of removal',
    'readdquiescent',
  ),
  ...outside('it runs a script', 'callback'),
  ...outside(
    'it is about the daemon',
    'autoreload',
    'execute',
    'fork',
    'logfile',
    'maintenancedir',
    'supervised',
  ),
};

/** In the section of a virtual service, indented. */
export const sectionDirectives: Directives = {
  real: { field: 'servers' },
  real6: { field: 'servers' },
  scheduler: { field: 'scheduler' },
  schedflags: { field: 'flags' },
  ops: { field: 'flags' },
  persistent: { field: 'persistence.timeout' },
  netmask: { field: 'persistence.netmask' },
  protocol: { field: 'protocol' },
  checktype: { field: 'servers' },
  ...common,
  ...outside(
    'it is about health checks',
    'checkcommand',
    'checkport',
    'database',
    'httpmethod',
    'load',
    'login',
    'monitorfile',
    'passwd',
    'receive',
    'request',
    'secret',
    'service',
    'virtualhost',
  ),
  ...outside('it is for mails', 'comment', 'servicename'),
};
