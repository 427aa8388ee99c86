/** A keepalived.conf with nothing but the VRRP instance. */
import type { KeepalivedSettings } from '../../model/ha';
import type { KeepalivedHost } from './host';

/** The name of our instance. */
export const INSTANCE = 'director';

export interface ConfigurationOptions {
  readonly settings: KeepalivedSettings;
  /** Of this director; only shown. */
  readonly name: string;
  readonly interface: string;
  /** The address that adverts come from. */
  readonly source: string;
  readonly paths: { readonly fifo: string; readonly priority: string };
}

/** Words that need no quotes in any version, and no escapes. */
const WORD = /^[A-Za-z0-9_.:@-]{1,64}$/;
const PATH = /^\/[A-Za-z0-9_.:@/-]{1,200}$/;

export type Configuration = { readonly text: string } | { readonly problem: string };

/** The configuration for this machine as it is now. */
export function configurationOf(
  options: Pick<ConfigurationOptions, 'settings' | 'name' | 'interface'>,
  host: Pick<KeepalivedHost, 'source' | 'paths'>,
): Configuration {
  const [peer] = options.settings.peers ?? [];
  const source = host.source(peer === undefined ? undefined : peer.includes(':') ? 'ipv6' : 'ipv4');
  if (source !== undefined) return keepalivedConfiguration({ ...options, source, paths: host.paths });
  return { problem: `${options.interface} has no address that adverts could come from` };
}

/** @returns the text, or what keepalived could not be told. */
export function keepalivedConfiguration(options: ConfigurationOptions): Configuration {
  const { settings, source, paths } = options;
  const { peers = [] } = settings;
  const odd = [options.interface, source, ...peers].find((word) => !WORD.test(word));
  if (odd !== undefined) return { problem: `'${odd}': keepalived cannot be given this name` };
  const oddPath = Object.values(paths).find((path) => !PATH.test(path));
  if (oddPath !== undefined) return { problem: `'${oddPath}': keepalived cannot be given this path` };
  const isIpv6 = source.includes(':');
  if (peers.some((peer) => peer.includes(':') !== isIpv6)) {
    return { problem: 'ha.engine.peers: all have to be of the family of the address that adverts come from' };
  }
  return {
    text: `# Written by ipvsadm: changes are lost. keepalived only elects: VIPs, table and checks are the director's.
global_defs {
    router_id ${WORD.test(options.name) ? options.name : 'director'}
    vrrp_notify_fifo ${paths.fifo}
}
track_file standing {
    file ${paths.priority}
    weight 1
}
vrrp_instance ${INSTANCE} {
    state BACKUP
    interface ${options.interface}
    virtual_router_id ${settings.id}
    priority ${settings.priority}
    advert_int 1
    ${peers.length === 0 ? `mcast_src_ip ${source}` : unicast(source, peers)}
    track_file {
        standing
    }
    notify_priority_changes on
    virtual_ipaddress {
        ${placeholder(settings.id, isIpv6)} no_track
    }
}
`,
  };
}

function unicast(source: string, peers: readonly string[]): string {
  return `unicast_src_ip ${source}
    unicast_peer {
${peers.map((peer) => `        ${peer}\n`).join('')}    }`;
}

/**
 * An instance has to have an address. This one leads nowhere: of the loopback network, on the loopback
 * interface, the same on all directors, because receivers compare the addresses of an advert.
 */
function placeholder(id: number, isIpv6: boolean): string {
  return isIpv6 ? `fe80::7672:7270:${id.toString(16)}/128 dev lo` : `127.86.82.${id}/32 dev lo scope host`;
}
