/**
 * The keywords of keepalived.conf(5), versions 2.2 and 2.3, at the top level and in blocks that
 * describe IPVS. Those with a field are converted (`real-servers.ts`, `virtual-servers.ts`,
 * `global-defs.ts`), the others ignored with a note.
 */

import { schedulerFlagNames } from '../../model/scheduler-flags';
import { NO_SCHEDULER, schedulerNames } from '../../model/schedulers';

export interface Keyword {
  /** The fields of the state document that it sets. */
  readonly field?: string;
  /** Why it sets none; absent when it has a field. Follows "'KEYWORD' is ignored: " in messages. */
  readonly ignored?: string;
  /** Whether a block may follow. The blocks of ignored keywords are not checked. */
  readonly block?: true;
}

export type Keywords = Readonly<Record<string, Keyword>>;

const ignored = (reason: string, ...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { ignored: reason }]));

const ignoredBlocks = (reason: string, ...names: readonly string[]): Keywords =>
  Object.fromEntries(names.map((name) => [name, { ignored: reason, block: true as const }]));

const NO_CHECKS = 'ipvsadm does not run health checks';
const NO_SCRIPTS = 'ipvsadm does not run scripts';

const checkTiming = ignored(
  NO_CHECKS,
  'connect_timeout',
  'delay_before_retry',
  'delay_loop',
  'retry',
  'warmup',
);

const inhibit = ignored(
  'it applies to failed health checks (weight 0 instead of removal)',
  'inhibit_on_failure',
);

const naming: Keywords = {
  ...ignored(NO_CHECKS, 'virtualhost'),
  ...ignored('ipvsadm does not support SNMP', 'snmp_name'),
  ...ignored('ipvsadm does not send mail', 'smtp_alert'),
};

/** In a real_server block. */
export const realServerKeywords: Keywords = {
  weight: { field: 'weight' },
  lvs_method: { field: 'forwarding, tunnel' },
  uthreshold: { field: 'upperThreshold' },
  lthreshold: { field: 'lowerThreshold' },
  ...inhibit,
  ...ignored(NO_SCRIPTS, 'notify_up', 'notify_down'),
  ...ignored('it keeps the server out until a health check succeeds', 'alpha'),
  ...ignored(NO_CHECKS, 'log_all_failures'),
  ...checkTiming,
  ...naming,
  ...ignoredBlocks(
    NO_CHECKS,
    'HTTP_GET',
    'SSL_GET',
    'TCP_CHECK',
    'SMTP_CHECK',
    'DNS_CHECK',
    'MISC_CHECK',
    'BFD_CHECK',
    'UDP_CHECK',
    'PING_CHECK',
    'FILE_CHECK',
  ),
};

/** In a virtual_server block. */
export const virtualServerKeywords: Keywords = {
  lvs_sched: { field: 'scheduler' },
  lb_algo: { field: 'scheduler' },
  lvs_method: { field: 'forwarding, tunnel' },
  lb_kind: { field: 'forwarding, tunnel' },
  protocol: { field: 'protocol' },
  ip_family: { field: 'family' },
  persistence_timeout: { field: 'persistence.timeout' },
  persistence_granularity: { field: 'persistence.netmask' },
  persistence_engine: { field: 'persistence.engine' },
  ops: { field: 'flags' },
  ...Object.fromEntries(schedulerFlagNames.map((name) => [name, { field: 'flags' }])),
  ...ignored('the kernel sets this flag on every service', 'hashed'),
  real_server: { field: 'servers', block: true },
  sorry_server: { field: 'servers' },
  sorry_server_inhibit: { field: 'servers' },
  sorry_server_lvs_method: { field: 'forwarding, tunnel' },
  ...ignored('it keeps the servers out until a health check succeeds', 'alpha'),
  ...ignored('it runs scripts when keepalived stops', 'omega'),
  ...ignored('it decides when the sorry server replaces the real servers', 'quorum', 'hysteresis'),
  ...ignored(NO_SCRIPTS, 'quorum_up', 'quorum_down'),
  ...ignored('it suspends health checks while an address is missing', 'ha_suspend'),
  ...ignored('only older versions of keepalived support it, and IPVS has no such setting', 'nat_mask'),
  ...inhibit,
  ...checkTiming,
  ...naming,
};

/** At the top level of the file. */
export const rootKeywords: Keywords = {
  global_defs: { field: 'timeouts, daemons', block: true },
  virtual_server: { field: 'services', block: true },
  virtual_server_group: { field: 'services', block: true },
  ...ignoredBlocks(NO_CHECKS, 'SSL', 'bfd_instance', 'track_file', 'vrrp_track_file'),
  ...ignoredBlocks(
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
  ...ignored('use --netns to select a network namespace', 'net_namespace', 'net_namespace_ipvs'),
  ...ignored(
    'it configures the keepalived daemon',
    'instance',
    'use_pid_dir',
    'namespace_with_ipsets',
    'child_wait_time',
    'include_check',
    'linkbeat_use_polling',
  ),
};

/** Keywords that include other files. */
export const includeKeywords: readonly string[] = [
  'include',
  'includer',
  'includem',
  'includew',
  'includeb',
  'includea',
];

/** The schedulers that keepalived supports. */
export const schedulers: readonly string[] = schedulerNames.filter((name) => name !== NO_SCHEDULER);
