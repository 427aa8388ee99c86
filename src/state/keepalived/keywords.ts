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

const NO_CHECKS = 'ipvsadm does not run health checks';
const NO_SCRIPTS = 'ipvsadm does not run scripts';
const NO_MAIL = 'ipvsadm does not send mail';

const timing = ['connect_timeout', 'delay_before_retry', 'delay_loop', 'retry', 'warmup'];
const checkTiming = ignored(NO_CHECKS, 1, ...timing);

const scripts = (...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { ignored: NO_SCRIPTS, needs: 1, script: true as const }]));

const inhibit = ignored(
  'it applies to failed health checks (weight 0 instead of removal)',
  0,
  'inhibit_on_failure',
);

const naming: Keywords = {
  ...ignored(NO_CHECKS, 0, 'virtualhost'),
  ...ignored('ipvsadm does not support SNMP', 0, 'snmp_name'),
  ...ignored(NO_MAIL, 0, 'smtp_alert'),
};

/** In the block of a check. None of them is noted, because the check is. */
const needed = (...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { needs: 1 }]));
const connection = needed(
  'connect_ip',
  'connect_port',
  'bindto',
  'bind_port',
  'bind_if',
  'fwmark',
  ...timing,
);
const common = needed('retry', 'delay_before_retry', 'warmup', 'delay_loop');

const check = (block: Keywords): Keyword => ({ ignored: NO_CHECKS, block });
const web = check({ ...connection, ...needed('nb_get_retry'), url: { block: needed('path', 'digest') } });

/** In a real_server block. */
export const realServerKeywords: Keywords = {
  weight: { field: 'weight', needs: 1 },
  lvs_method: { field: 'forwarding, tunnel', needs: 1 },
  uthreshold: { field: 'upperThreshold', needs: 1 },
  lthreshold: { field: 'lowerThreshold', needs: 1 },
  ...inhibit,
  ...scripts('notify_up', 'notify_down'),
  ...ignored('it keeps the server out until a health check succeeds', 0, 'alpha'),
  ...ignored(NO_CHECKS, 0, 'log_all_failures'),
  ...checkTiming,
  ...naming,
  HTTP_GET: web,
  SSL_GET: web,
  TCP_CHECK: check(connection),
  SMTP_CHECK: check({ ...connection, host: { block: connection } }),
  DNS_CHECK: check({ ...connection, ...needed('type', 'name') }),
  MISC_CHECK: check({ ...common, ...needed('misc_timeout') }),
  BFD_CHECK: check({}),
  UDP_CHECK: check({ ...connection, ...needed('min_reply_length', 'max_reply_length') }),
  PING_CHECK: check(connection),
  FILE_CHECK: check(needed('track_file')),
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
  sorry_server: { field: 'servers', needs: 1 },
  sorry_server_inhibit: { field: 'servers' },
  sorry_server_lvs_method: { field: 'forwarding, tunnel', needs: 1 },
  ...ignored('it keeps the servers out until a health check succeeds', 0, 'alpha'),
  ...ignored('it runs scripts when keepalived stops', 0, 'omega'),
  ...ignored('it decides when the sorry server replaces the real servers', 1, 'quorum', 'hysteresis'),
  ...scripts('quorum_up', 'quorum_down'),
  ...ignored('it suspends health checks while an address is missing', 0, 'ha_suspend'),
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

const trackFile: Keyword = { ignored: NO_CHECKS, needs: 1, block: {} };

/** At the top level of the file. */
export const rootKeywords: Keywords = {
  global_defs: { field: 'timeouts, daemons', skipped: true },
  virtual_server: { field: 'services', needs: 1, block: virtualServerKeywords },
  virtual_server_group: { field: 'services', needs: 1 },
  SSL: { ignored: NO_CHECKS, block: {} },
  bfd_instance: { ignored: NO_CHECKS, needs: 1, block: {} },
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
