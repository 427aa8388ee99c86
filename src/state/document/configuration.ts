/** Converts what a document of version 2 has beside its table: names, checks and policies. */

import { formatAddress } from '../../model/address';
import type { Check } from '../../model/check';
import type { Configuration, DirectorServer, DirectorService, SharedVips } from '../../model/director';
import { S32_MAX } from '../../model/limits';
import type { RealServer } from '../../model/real-server';
import { protocols, serviceFlags } from '../../model/virtual-service';
import { isVip } from '../../setup/realserver';
import type { Finding } from '../source/finding';
import { suggestName } from '../source/suggest';
import type { Path } from '../source/tree';
import { checkSpareServer } from '../table/check';
import { type ServiceState, serverName, serviceName, type TableState } from '../table/table-state';
import { toCheck } from './check';
import { ported } from './check-fields';
import type { DirectorPart } from './director-fields';
import { directPathNotes, isUsual, reportListening, reportPaths, reportUnchecked } from './director-notes';
import { toHaSettings } from './ha-fields';
import { type Part, report } from './part';
import { adminField, policyFields } from './policy-fields';
import { readFields } from './read-fields';
import { toServer } from './to-server';
import type { ChecksDocument, DirectorServiceDocument, DirectorStateDocument } from './types';
import { toWebSettings } from './web-fields';

/** @param state the table of the document, with every server as its fields say. */
export function toConfiguration(
  document: DirectorStateDocument,
  state: TableState,
  director: DirectorPart | undefined,
  findings: Finding[],
): Configuration {
  const checks = new Checks(document, findings);
  const names = new Map<string, true>();
  const synchronised = (state.daemons?.length ?? 0) > 0 || director?.ha?.sync !== undefined;
  const services = (state.services ?? []).map((entry, index) => {
    const at: Part = { path: ['services', index], findings };
    const own = document.services![index]!;
    useName(own.name, names, at);
    return toService(own, entry, { at, checks, synchronised });
  });
  checks.reportUnused();
  reportUnchecked(document, services, findings);
  const { notify = {}, gateway, checkMarks, metrics, web } = director ?? {};
  reportPaths(services, checkMarks, findings);
  reportListening(metrics?.listen, findings);
  const settings = toWebSettings(web);
  return {
    services,
    timeouts: state.timeouts,
    daemons: state.daemons,
    notify,
    ...(gateway === undefined ? {} : { gateway }),
    ...(isUsual(checkMarks) ? {} : { checkMarks }),
    ...(metrics?.listen === undefined ? {} : { metrics: { listen: metrics.listen } }),
    ...(settings === undefined ? {} : { web: settings }),
    ...sharedVips(director, services, state.daemons, findings),
  };
}

/** Without VIPs of its own, a document has those of its services. */
function sharedVips(
  director: DirectorPart | undefined,
  services: readonly DirectorService[],
  daemons: TableState['daemons'],
  findings: Finding[],
): { readonly ha?: SharedVips } {
  const settings = toHaSettings(director?.ha);
  if (!settings) return {};
  const addresses = services.flatMap(({ service: { key } }) =>
    key.kind === 'address' ? [formatAddress(key.address)] : [],
  );
  if (settings.sync && daemons !== undefined) {
    const message = "the sync daemons are given twice: by 'daemons' and by 'sync'";
    const hint = "leave 'daemons' out: with 'sync' the leader is master, and all are backups";
    report({ path: ['director', 'ha'], findings }, ['sync'], { message, hint });
  }
  const vips = director?.vips ?? [...new Set(addresses)].filter(isVip);
  if (vips.length === 0) {
    const message = 'there are no VIPs to share: neither vips nor a service with an address';
    report({ path: ['director', 'ha'], findings }, [], { message });
  }
  return { ha: { settings, interface: director?.interface, vips } };
}

/** The named checks of a document, and which of them are used. */
class Checks {
  readonly #named = new Map<string, Check>();
  readonly #used = new Set<string>();
  readonly #resolved = new Map<ChecksDocument, Resolved>();

  constructor(
    document: DirectorStateDocument,
    readonly findings: Finding[],
  ) {
    for (const [name, check] of Object.entries(document.checks ?? {})) {
      this.#named.set(name, toCheck(check, name));
    }
  }

  /** Returns the checks of a service or a server; the same ones for the same list. */
  resolve(given: ChecksDocument, path: Path): Resolved {
    const known = this.#resolved.get(given);
    if (known) return known;
    const list = Array.isArray(given) ? given : [given];
    const checks: Check[] = [];
    const steps: Path[] = [];
    for (const [index, one] of list.entries()) {
      const own = Array.isArray(given) ? [index] : [];
      const check = typeof one === 'string' ? this.#use(one, [...path, ...own]) : toCheck(one);
      if (!check) continue;
      checks.push(check);
      steps.push(own);
    }
    const resolved = { checks, steps };
    // What is wrong with a name is reported at each of its places.
    if (checks.length === list.length) this.#resolved.set(given, resolved);
    return resolved;
  }

  #use(name: string, path: Path): Check | undefined {
    const check = this.#named.get(name);
    this.#used.add(name);
    if (check) return check;
    const hint =
      this.#named.size === 0 ? 'there are no named checks' : suggestName(name, [...this.#named.keys()]);
    report({ path, findings: this.findings }, [], {
      message: `unknown check '${name}'`,
      ...(hint === undefined ? {} : { hint }),
    });
    return undefined;
  }

  reportUnused(): void {
    for (const name of this.#named.keys()) {
      if (this.#used.has(name)) continue;
      const message = `no service uses the check '${name}'`;
      this.findings.push({ path: ['checks', name], message, severity: 'warning' });
    }
  }
}

/** Checks, which servers may share, and where each is below the field. */
interface Resolved {
  readonly checks: readonly Check[];
  readonly steps: readonly Path[];
}

const unchecked: Resolved = { checks: [], steps: [] };

interface Context {
  readonly at: Part;
  readonly checks: Checks;
  readonly synchronised: boolean;
}

function useName(name: string | undefined, names: Map<string, true>, at: Part): void {
  if (name === undefined) return;
  if (names.has(name)) report(at, ['name'], { message: `the name '${name}' is used twice` });
  names.set(name, true);
}

function toService(
  document: DirectorServiceDocument,
  { service, servers: realServers }: ServiceState,
  { at, checks, synchronised }: Context,
): DirectorService {
  const { path } = at;
  const { whenAllDown, onFail, removeAfter, ...policies } = readFields(policyFields, document);
  const sorry = document.sorry && toServer(document.sorry, service.key, { ...at, path: [...path, 'sorry'] });
  if (sorry) at.findings.push(...checkSpareServer(sorry, service, synchronised, [...path, 'sorry']));
  const inherited =
    document.check === undefined ? unchecked : checks.resolve(document.check, [...path, 'check']);
  const names = new Map<string, true>();
  const reported = new Set<Path>();
  let spare: RealServer | undefined;
  const servers = realServers.flatMap((server, index): DirectorServer[] => {
    const own = document.servers![index]!;
    const part: Part = { ...at, path: [...path, 'servers', index] };
    useName(own.name, names, part);
    const isOwn = own.check !== undefined;
    const resolved = isOwn ? checks.resolve(own.check!, [...part.path, 'check']) : inherited;
    for (const [number, check] of resolved.checks.entries()) {
      const step = resolved.steps[number]!;
      if (!isOwn && reported.has(step)) continue;
      const found = problemsOfTarget(check, service.key.kind === 'fwmark', server);
      for (const problem of found)
        at.findings.push({ path: [...(isOwn ? part.path : path), 'check', ...step], ...problem });
      if (!isOwn && found.length > 0) reported.add(step);
    }
    if (sorry && serverName(sorry) === serverName(server)) {
      // keepalived's sorry_server_inhibit: in the table with weight 0, until it is needed.
      if (server.weight === 0) {
        spare = server;
        return [];
      }
      report(at, ['sorry'], {
        message: 'the sorry server is one of the servers',
        hint: 'take it out of one of the two',
      });
    }
    return [
      {
        name: own.name ?? serverName(server),
        ...commentOf(own),
        server,
        checks: resolved.checks,
        any: own.any ?? document.any ?? false,
        admin: own.admin ?? adminField.default,
      },
    ];
  });
  const result: DirectorService = {
    name: document.name ?? serviceName(service.key),
    ...commentOf(document),
    service,
    servers,
    ...(sorry ? { sorry } : {}),
    ...(spare ? { spare } : {}),
    ...policies,
    whenAllDown: whenAllDown ?? (sorry ? 'sorry' : 'keep'),
    onFail: onFail ?? defaultOnFail(service),
    ...(removeAfter === undefined ? {} : { removeAfter }),
  };
  reportPolicies(result, at);
  return result;
}

function commentOf({ comment }: { readonly comment?: string | undefined }): { readonly comment?: string } {
  return comment === undefined ? {} : { comment };
}

/** Packets of one client's port go to the server that is down until the UDP timeout ends. */
export function defaultOnFail({ key, flags }: DirectorService['service']): DirectorService['onFail'] {
  const connectionless = key.kind === 'address' && key.protocol === protocols.udp;
  return connectionless || (flags & serviceFlags.onePacket) !== 0 ? 'remove' : 'weight0';
}

/** Problems of a check that depend on what it checks. */
function problemsOfTarget(check: Check, isMark: boolean, server: RealServer): Omit<Finding, 'path'>[] {
  const problems: Omit<Finding, 'path'>[] = [];
  if (check.via === 'path' && isMark) {
    const message = "'via: path' needs a service with an address";
    problems.push({ message, hint: 'not a firewall mark', severity: 'error' });
  }
  if (!isMark) problems.push(...directPathNotes(check, server));
  const needsPort = (ported as readonly string[]).includes(check.type) && check.via === 'server';
  if (needsPort && check.port === undefined && server.port === 0) {
    const message = 'the check always fails: neither it nor the real server has a port';
    problems.push({ message, hint: 'add a port to the check', severity: 'warning' });
  }
  if (check.type === 'udp' && !check.expect) {
    const message = "without 'expect' only an ICMP error is a failure";
    problems.push({ message, severity: 'note' });
  }
  return problems;
}

function reportPolicies(own: DirectorService, at: Part): void {
  const { service, servers, sorry, quorum, hysteresis, whenAllDown, slowStart } = own;
  if (whenAllDown === 'sorry' && !sorry) {
    report(at, ['whenAllDown'], {
      message: 'there is no sorry server',
      hint: "add 'sorry', or say keep or drop",
    });
  }
  if (slowStart > 0 && service.scheduler === 'sh') {
    const message = 'slowStart is not possible with sh: each change of a weight moves clients';
    report(at, ['slowStart'], { message, hint: 'leave it out, or use another scheduler' });
  }
  const heavy = slowStart > 0 ? servers.findIndex(({ server }) => server.weight > S32_MAX / 100) : -1;
  if (heavy >= 0) {
    const message = `with slowStart a weight is at most ${Math.floor(S32_MAX / 100)}`;
    report(at, ['slowStart'], { message, hint: 'its hundredth is the least step' });
  }
  const sum = servers.reduce((total, { server }) => total + server.weight, 0);
  const needed = ('weight' in quorum ? quorum.weight : quorum.part * sum) + hysteresis;
  if (needed > sum && servers.length > 0 && sum > 0) {
    const message = `the quorum is never reached: the weights are ${sum} together`;
    const field = 'weight' in quorum && quorum.weight > sum ? 'quorum' : 'hysteresis';
    at.findings.push({ path: [...at.path, field], message, severity: 'warning' });
  }
}
