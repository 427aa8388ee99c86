/**
 * The keywords of keepalived.conf(5), versions 2.2 and 2.3, at the top level and in blocks that
 * describe IPVS. Those with a field are converted (`real-servers.ts`, `virtual-servers.ts`,
 * `global-defs.ts`), the others ignored with a note. Which arguments keepalived needs was found by
 * giving it each keyword alone.
 */

import { schedulerFlagNames } from '../../model/scheduler-flags';
import { NO_SCHEDULER, schedulerNames } from '../../model/schedulers';

export interface Keyword {
  /** The fields of the state document that it sets. */
  readonly field?: string;
  /** Why it sets none; absent when it has a field. Follows "'KEYWORD' is ignored: " in messages. */
  readonly ignored?: string;
  /** The keywords of its block; `values`: a block of lines without keywords. */
  readonly block?: Keywords | 'values';
  /** What messages call its block, if not by the keyword. */
  readonly place?: string;
  /** Whether keepalived's health checkers, which make the table, skip it with its block, if any. */
  readonly skipped?: true;
  /** How many arguments keepalived reads unchecked: it ends when one is missing. */
  readonly needs?: number;
  /** Whether its arguments are a script, in which keepalived only logs an unclosed quote. */
  readonly script?: true;
}

/** An interface, so that it can refer to itself through `Keyword`. */
export interface Keywords {
  readonly [name: string]: Keyword;
}

const ignored = (reason: string, needs: number, ...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { ignored: reason, ...(needs > 0 ? { needs } : {}) }]));

const skipped = (reason: string, ...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { ignored: reason, skipped: true as const }]));

const ALWAYS_CHECKED = 'ipvsadm checks real servers at all times';
const NO_SCRIPTS = 'director.notify of a state document runs a program for every event';
const NO_MAIL = 'director.notify of a state document sends mail for every event';

/** Why the first checks are not spread. */
const AT_ONCE = 'the first checks run at once';
const ALL_KEPT = 'the results of all checks are kept';

const timing = ['connect_timeout', 'delay_before_retry', 'delay_loop', 'retry'];
const checkTiming: Keywords = {
  ...Object.fromEntries(timing.map((name) => [name, { field: 'check', needs: 1 }])),
  ...ignored(AT_ONCE, 1, 'warmup'),
  alpha: { field: 'check' },
};

const scripts = (...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { ignored: NO_SCRIPTS, needs: 1, script: true as const }]));

const inhibit: Keywords = { inhibit_on_failure: { field: 'onFail' } };

const naming: Keywords = {
  virtualhost: { field: 'check' },
  ...ignored('ipvsadm does not support SNMP', 0, 'snmp_name'),
  ...ignored(NO_MAIL, 0, 'smtp_alert'),
};

/** In the block of a check. */
const taken = (needs: number, ...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { field: 'check', ...(needs > 0 ? { needs } : {}) }]));

const common: Keywords = {
  ...taken(1, 'retry', 'delay_before_retry', 'delay_loop'),
  ...taken(0, 'alpha'),
  ...ignored(AT_ONCE, 1, 'warmup'),
  ...ignored(ALL_KEPT, 0, 'log_all_failures'),
};
const connection: Keywords = {
  ...common,
  ...taken(1, 'connect_ip', 'connect_port', 'bindto', 'fwmark', 'connect_timeout'),
  ...ignored('the kernel chooses the port', 1, 'bind_port'),
  ...ignored('routes decide about the interface', 1, 'bind_if'),
};

const check = (block: Keywords): Keyword => ({ field: 'check', block });

/** In a url block. */
const urlKeywords: Keywords = {
  ...taken(1, 'path', 'digest'),
  ...taken(0, 'status_code', 'virtualhost', 'regex', 'regex_no_match', 'regex_options'),
  ...ignored('the whole body is searched', 0, 'regex_min_offset', 'regex_max_offset'),
  ...ignored('JavaScript has no such setting', 0, 'regex_stack'),
  ...ignored('an end of the connection without a TLS alert is accepted', 0, 'tls_compliant'),
};

const web = check({
  ...connection,
  ...taken(1, 'nb_get_retry'),
  ...taken(0, 'virtualhost', 'http_protocol', 'enable_sni'),
  ...ignored('all URLs of a check are tried each time', 0, 'fast_recovery'),
  url: { field: 'check', block: urlKeywords },
});

/** In a real_server block. */
export const realServerKeywords: Keywords = {
  weight: { field: 'weight', needs: 1 },
  lvs_method: { field: 'forwarding, tunnel', needs: 1 },
  uthreshold: { field: 'upperThreshold', needs: 1 },
  lthreshold: { field: 'lowerThreshold', needs: 1 },
  ...inhibit,
  ...scripts('notify_up', 'notify_down'),
  ...ignored(ALL_KEPT, 0, 'log_all_failures'),
  ...checkTiming,
  ...naming,
  HTTP_GET: web,
  SSL_GET: web,
  TCP_CHECK: check(connection),
  SMTP_CHECK: check({ ...connection, ...taken(0, 'helo_name'), host: { field: 'check', block: connection } }),
  DNS_CHECK: check({ ...connection, ...taken(1, 'type', 'name') }),
  MISC_CHECK: check({
    ...common,
    ...taken(1, 'misc_timeout'),
    ...taken(0, 'misc_dynamic', 'user'),
    misc_path: { field: 'check', script: true },
  }),
  BFD_CHECK: {
    ignored: 'ipvsadm has no BFD; such a server counts as up',
    block: {},
  },
  UDP_CHECK: check({
    ...connection,
    ...taken(0, 'payload', 'require_reply'),
    ...taken(1, 'min_reply_length', 'max_reply_length'),
  }),
  PING_CHECK: check(connection),
  FILE_CHECK: check(taken(1, 'track_file', 'weight')),
};

/** In a virtual_server block. */
export const virtualServerKeywords: Keywords = {
  lvs_sched: { field: 'scheduler', needs: 1 },
  lb_algo: { field: 'scheduler', needs: 1 },
  lvs_method: { field: 'forwarding, tunnel', needs: 1 },
  lb_kind: { field: 'forwarding, tunnel', needs: 1 },
  protocol: { field: 'protocol', needs: 1 },
  ip_family: { field: 'family', needs: 1 },
  persistence_timeout: { field: 'persistence.timeout' },
  persistence_granularity: { field: 'persistence.netmask', needs: 1 },
  persistence_engine: { field: 'persistence.engine', needs: 1 },
  ops: { field: 'flags' },
  ...Object.fromEntries(schedulerFlagNames.map((name) => [name, { field: 'flags' }])),
  ...ignored('the kernel sets this flag on every service', 0, 'hashed'),
  weight: { field: 'weight', needs: 1 },
  real_server: { field: 'servers', block: realServerKeywords, needs: 1 },
  sorry_server: { field: 'sorry', needs: 1 },
  sorry_server_inhibit: { field: 'servers' },
  sorry_server_lvs_method: { field: 'forwarding, tunnel', needs: 1 },
  ...ignored('it runs scripts when keepalived stops', 0, 'omega'),
  quorum: { field: 'quorum', needs: 1 },
  hysteresis: { field: 'hysteresis', needs: 1 },
  ...scripts('quorum_up', 'quorum_down'),
  ...ignored(ALWAYS_CHECKED, 0, 'ha_suspend'),
  ...ignored('only older versions of keepalived support it, and IPVS has no such setting', 0, 'nat_mask'),
  ...inhibit,
  ...checkTiming,
  ...naming,
};

/** Settings at the top level. The process that reads global_defs reads them too. */
export const settings: Keywords = {
  ...skipped('use --netns to select a network namespace', 'net_namespace', 'net_namespace_ipvs'),
  ...skipped(
    'it configures the keepalived daemon',
    'instance',
    'use_pid_dir',
    'namespace_with_ipsets',
    'child_wait_time',
    'include_check',
    'linkbeat_use_polling',
  ),
};

const trackFile: Keyword = {
  field: 'check',
  needs: 1,
  block: {
    ...taken(1, 'file'),
    ...taken(0, 'weight'),
    ...ignored('the file is read as it is', 0, 'init_file'),
  },
};

/** At the top level of the file. */
export const rootKeywords: Keywords = {
  global_defs: { field: 'timeouts, daemons', skipped: true },
  virtual_server: { field: 'services', needs: 1, block: virtualServerKeywords },
  virtual_server_group: { field: 'services', needs: 1 },
  SSL: {
    field: 'check',
    block: { ...taken(1, 'ca', 'certificate', 'key'), ...ignored('keys have no password', 1, 'password') },
  },
  bfd_instance: { ignored: 'ipvsadm has no BFD', needs: 1, block: {} },
  track_file: trackFile,
  vrrp_track_file: trackFile,
  ...skipped(
    'ipvsadm does not run VRRP',
    'garp_group',
    'interface_up_down_delays',
    'linkbeat_interfaces',
    'static_ipaddress',
    'static_routes',
    'static_rules',
    'track_group',
    'vrrp_instance',
    'vrrp_script',
    'vrrp_sync_group',
    'vrrp_track_process',
  ),
  ...settings,
};

/** The schedulers that keepalived supports. */
export const schedulers: readonly string[] = schedulerNames.filter((name) => name !== NO_SCHEDULER);
