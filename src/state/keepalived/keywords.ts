/**
 * Every keyword of keepalived.conf(5), 2.2 and 2.3, that may stand where IPVS is described, and what becomes of it.
 * What has a field is converted (`real-servers.ts`, `virtual-servers.ts`, `globals.ts`); the rest is told of.
 */

import { schedulerFlagNames } from '../../model/scheduler-flags';
import { NO_SCHEDULER, schedulerNames } from '../../model/schedulers';

export interface Keyword {
  /** The fields of a state document that it becomes. */
  readonly field?: string;
  /** Why it becomes none: what it is, to keepalived. */
  readonly outside?: string;
  /** Whether a block may stand behind it. What is outside IPVS is not read further. */
  readonly block?: true;
}

export type Grammar = Readonly<Record<string, Keyword>>;

const outside = (what: string, ...names: readonly string[]): Grammar =>
  Object.fromEntries(names.map((name) => [name, { outside: what }]));

const outsideBlocks = (what: string, ...names: readonly string[]): Grammar =>
  Object.fromEntries(names.map((name) => [name, { outside: what, block: true as const }]));

const checkTiming = outside(
  'it times health checks',
  'connect_timeout',
  'delay_before_retry',
  'delay_loop',
  'retry',
  'warmup',
);

const inhibit = outside(
  'it says what happens when a health check fails: weight 0 in place of removal',
  'inhibit_on_failure',
);

const naming: Grammar = {
  ...outside('it is for health checks', 'virtualhost'),
  ...outside('it is a name for SNMP', 'snmp_name'),
  ...outside('it sends mail', 'smtp_alert'),
};

/** In a real_server block. */
export const realServerWords: Grammar = {
  weight: { field: 'weight' },
  lvs_method: { field: 'forwarding, tunnel' },
  uthreshold: { field: 'upperThreshold' },
  lthreshold: { field: 'lowerThreshold' },
  ...inhibit,
  ...outside('it runs a script', 'notify_up', 'notify_down'),
  ...outside('the server counts as down until a health check succeeds', 'alpha'),
  ...outside('it is for health checks', 'log_all_failures'),
  ...checkTiming,
  ...naming,
  ...outsideBlocks(
    'it is a health check',
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
export const virtualServerWords: Grammar = {
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
  ...outside('every service has this flag of the kernel', 'hashed'),
  real_server: { field: 'servers', block: true },
  sorry_server: { field: 'servers' },
  sorry_server_inhibit: { field: 'servers' },
  sorry_server_lvs_method: { field: 'forwarding, tunnel' },
  ...outside('the servers count as down until a health check succeeds', 'alpha'),
  ...outside('it runs scripts when keepalived stops', 'omega'),
  ...outside('it decides between the real servers and the sorry server', 'quorum', 'hysteresis'),
  ...outside('it runs a script', 'quorum_up', 'quorum_down'),
  ...outside('it makes health checks wait for an address', 'ha_suspend'),
  ...outside('older versions of keepalived took it; IPVS has no such setting', 'nat_mask'),
  ...inhibit,
  ...checkTiming,
  ...naming,
};

/** Outside every block. */
export const rootWords: Grammar = {
  global_defs: { field: 'timeouts, daemons', block: true },
  virtual_server: { field: 'services', block: true },
  virtual_server_group: { field: 'services', block: true },
  ...outsideBlocks('it is for health checks', 'SSL', 'bfd_instance', 'track_file', 'vrrp_track_file'),
  ...outsideBlocks(
    'it is VRRP',
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
  ...outside('the table is then that of another network namespace', 'net_namespace', 'net_namespace_ipvs'),
  ...outside(
    'it is about the daemon',
    'instance',
    'use_pid_dir',
    'namespace_with_ipsets',
    'child_wait_time',
    'include_check',
    'linkbeat_use_polling',
  ),
};

/** Directives that read other files. */
export const includeWords: readonly string[] = [
  'include',
  'includer',
  'includem',
  'includew',
  'includeb',
  'includea',
];

/** The schedulers that keepalived takes. */
export const schedulers: readonly string[] = schedulerNames.filter((name) => name !== NO_SCHEDULER);
