/**
 * The directives of ldirectord(8), version 4, and what becomes of each. Those with a field are
 * converted (`services.ts`), the others ignored with a note.
 */

export interface Directive {
  /** The fields of the state document that it sets. */
  readonly field?: string;
  /**
   * Why it sets none; absent when it has a field. Follows "'DIRECTIVE' is ignored: " in messages.
   */
  readonly ignored?: string;
}

export type Directives = Readonly<Record<string, Directive>>;

const ignored = (reason: string, ...names: readonly string[]): Directives =>
  Object.fromEntries(names.map((name) => [name, { ignored: reason }]));

const NO_CHECKS = 'ipvsadm does not run health checks';
const NO_MAIL = 'ipvsadm does not send mail';
const NO_SCRIPTS = 'ipvsadm does not run scripts';
const DAEMON = 'it configures the ldirectord daemon';
const FAILED_CHECKS = 'it applies to failed health checks (weight 0 instead of removal)';
const FALLBACK = 'the fallback server is in the table only while the real servers are down';

/** At the top level and in the section of a virtual service. */
const common: Directives = {
  ...ignored(NO_CHECKS, 'checktimeout', 'negotiatetimeout', 'checkinterval', 'checkcount', 'failurecount'),
  ...ignored(FALLBACK, 'fallback', 'fallback6'),
  ...ignored(NO_SCRIPTS, 'fallbackcommand'),
  ...ignored(NO_MAIL, 'emailalert', 'emailalertfreq', 'emailalertstatus', 'smtp'),
  ...ignored(FAILED_CHECKS, 'quiescent'),
  ...ignored(DAEMON, 'cleanstop'),
};

/** At the top level, which is not indented. */
export const globalDirectives: Directives = {
  virtual: { field: 'protocol, address, port, fwmark' },
  virtual6: { field: 'protocol, address, port, fwmark, family' },
  ...common,
  ...ignored(NO_MAIL, 'emailalertfrom'),
  ...ignored(FAILED_CHECKS, 'readdquiescent'),
  ...ignored(NO_SCRIPTS, 'callback'),
  ...ignored(DAEMON, 'autoreload', 'execute', 'fork', 'logfile', 'maintenancedir', 'supervised'),
};

/** In the section of a virtual service, which is indented. */
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
  ...ignored(
    NO_CHECKS,
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
  ...ignored(NO_MAIL, 'comment', 'servicename'),
};
