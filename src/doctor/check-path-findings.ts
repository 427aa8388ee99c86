/** Findings on the checks of the director daemon that go through the forwarding path. */

import { sameBytes } from '../bytes/same-bytes';
import { AF_INET, formatAddress } from '../model/address';
import { answersDirectly, droppingSetting, type PathSetting } from '../model/path-settings';
import { effective, type Facts, type ObservedService } from './facts';
import { type FindingKind, row } from './finding';

/** A setting of an interface that drops the answers of real servers. */
interface Drop {
  readonly link: string;
  readonly setting: PathSetting;
  readonly servers: readonly string[];
}

const values: Readonly<Record<PathSetting, string>> = {
  accept_local: 'accept_local=0',
  rp_filter: 'rp_filter=1',
};

/** What to set for an interface. */
const remedies: Readonly<Record<PathSetting, (link: string) => readonly (readonly [string, number])[]>> = {
  accept_local: (link) => [[name(link, 'accept_local'), 1]],
  rp_filter: (link) => [
    [name('all', 'rp_filter'), 0],
    [name(link, 'rp_filter'), 0],
  ],
};

export const checkPathFindings: readonly FindingKind[] = [
  row<Drop>({
    id: 'check-path-dropped',
    side: 'director',
    summary: 'answers to checks through the forwarding path are dropped (accept_local=0, rp_filter=1)',
    certainty: 'certain',
    look: drops,
    describe: ({ link, setting, servers }) =>
      `answers to checks with "via: path" of ${servers.join(', ')} come by ${link} from the VIP, an address of this machine, and ${values[setting]} drops them`,
    how: ({ link, setting }) => `cat /proc/sys/net/ipv4/conf/{all,${link}}/${setting}`,
    effect: 'none yet; but the daemon leaves these real servers as they are, also when they are dead',
    remedy: ({ link, setting }) =>
      `sysctl -w ${remedies[setting](link)
        .map(([path, value]) => `${inSysctl(path)}=${value}`)
        .join(' ')}`,
    fix: ({ link, setting }) =>
      remedies[setting](link).map(([path, value]) => ({ kind: 'sysctl' as const, name: path, value })),
  }),
];

function name(link: string, setting: PathSetting): string {
  return `net/ipv4/conf/${link}/${setting}`;
}

/** As sysctl(8) takes it: the dots of an interface are slashes there. */
function inSysctl(path: string): string {
  return path.replace(/[./]/g, (mark) => (mark === '/' ? '.' : '/'));
}

/** Each setting that drops answers, once, with the real servers whose answers it drops. */
function drops(facts: Facts): Drop[] {
  const found = new Map<string, Drop>();
  for (const path of facts.table?.checkPaths ?? []) {
    const { link, setting, server } = dropOf(path, facts) ?? {};
    if (link === undefined || setting === undefined || server === undefined) continue;
    const key = `${setting} ${link}`;
    found.set(key, { link, setting, servers: [...(found.get(key)?.servers ?? []), server] });
  }
  return [...found.values()];
}

function dropOf({ service: { key }, servers: [observed] }: ObservedService, facts: Facts) {
  if (!observed || key.family !== AF_INET || !answersDirectly(observed.server.forwarding)) return undefined;
  const server = formatAddress(observed.server.address);
  const route = facts.routesTo.get(server);
  const link = facts.links.find(({ index }) => index === route?.link);
  // A director without VIPs is a standby: its checks say so themselves.
  if (!link || route?.local || linksOfVips(facts).length === 0) return undefined;
  // A server that has never been up is in no service of clients yet.
  const own = linksOfVips(facts, observed.server.address);
  const setting = droppingSetting(
    (each) => effective(facts, link.name, each),
    own.every((index) => index === link.index),
  );
  return setting && { link: link.name, setting, server };
}

/** The interfaces with VIPs: all, or those of a real server. */
function linksOfVips({ table, addresses }: Facts, server?: Uint8Array): number[] {
  const vips = (table?.services ?? []).flatMap(({ service: { key }, servers }) =>
    key.kind === 'address' && (!server || servers.some((each) => sameBytes(each.server.address, server)))
      ? [key.address]
      : [],
  );
  return addresses
    .filter(({ address }) => vips.some((vip) => sameBytes(vip, address)))
    .map(({ link }) => link);
}
