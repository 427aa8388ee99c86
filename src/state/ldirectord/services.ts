/** The section of a virtual service of ldirectord(8), as a part of a state document. */
import { protocols } from '../../model/virtual-service';
import type { NameSource } from '../../platform/names';
import { listNode, type MaybeNode, objectNode, scalarNode, someItems } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import { suggestName } from '../source/suggest';
import type { SourceNode } from '../source/tree';
import { type Directives, sectionDirectives } from './directives';
import { addressOf, endpointOf, portOf } from './endpoints';
import { partOf, type Section, type Setting } from './lines';
import { serverNodes } from './real-servers';

const DEFAULT_SCHEDULER = 'wrr';

export function serviceNode(
  { head, settings }: Section,
  names: NameSource,
  told: Diagnostics,
): SourceNode | undefined {
  const ipv6 = head.name.text === 'virtual6';
  const words = new Map<string, Word>();
  const reals: Setting[] = [];
  for (const setting of settings) {
    if (!known(setting, sectionDirectives, 'in the section of a virtual service', told)) continue;
    const name = setting.name.text;
    if (name !== 'real' && name !== 'real6') words.set(name, setting.value);
    else if ((name === 'real6') === ipv6) reals.push(setting);
    else told.error(setting.name, `this is ${name} of a ${head.name.text}`, ipv6 ? 'real6' : 'real');
  }
  const key = keyOf(head, ipv6, words.get('protocol'), names, told);
  if (!key) return undefined;
  const scheduler = words.get('scheduler');
  const service = { port: key.port, ipv6 };
  const servers = reals.flatMap(({ value }) => serverNodes(value, service, names, told));
  return objectNode(
    {
      ...key.fields,
      scheduler: scalarNode(scheduler?.text ?? DEFAULT_SCHEDULER, scheduler ?? head.name),
      flags: flagNodes(words, key.protocol, told),
      persistence: persistenceNode(words, ipv6, told),
      servers: listNode(withoutOff(servers, words.get('checktype'), told), head.value),
    },
    head.value,
  );
}

/** Tells of a directive that is unknown or left out. @returns whether it is converted. */
export function known({ name }: Setting, directives: Directives, where: string, told: Diagnostics): boolean {
  const directive = Object.hasOwn(directives, name.text) ? directives[name.text] : undefined;
  if (!directive) {
    told.error(name, `there is no '${name.text}' ${where}`, suggestName(name.text, Object.keys(directives)));
  } else if (directive.outside !== undefined) {
    told.note(name, `'${name.text}' is left out: ${directive.outside}`);
  }
  return directive !== undefined && directive.outside === undefined;
}

interface Key {
  readonly fields: Readonly<Record<string, MaybeNode>>;
  /** Undefined: a firewall mark. */
  readonly port: number | undefined;
  readonly protocol: string;
}

function keyOf(
  head: Setting,
  ipv6: boolean,
  protocol: Word | undefined,
  names: NameSource,
  told: Diagnostics,
): Key | undefined {
  const { value } = head;
  if (/^[0-9]+$/.test(value.text)) {
    if (protocol && protocol.text !== 'fwm') told.error(protocol, 'the protocol of a firewall mark is fwm');
    const fields = {
      fwmark: scalarNode(numberOf(value, told), value),
      family: scalarNode(ipv6 ? 'ipv6' : 'ipv4', head.name),
    };
    return { fields, port: undefined, protocol: 'fwm' };
  }
  const endpoint = endpointOf(value, told);
  if (!endpoint) return undefined;
  if (!endpoint.port || endpoint.last) {
    told.error(
      value,
      endpoint.last ? 'a virtual service has one address' : 'the port is missing',
      'virtual = ADDRESS:PORT',
    );
    return undefined;
  }
  const usual = /^(53|domain)$/.test(endpoint.port.text) ? 'udp' : 'tcp';
  if (protocol && protocol.text !== 'tcp' && protocol.text !== 'udp') {
    told.error(protocol, `there is no protocol '${protocol.text}' here`, 'tcp or udp');
    return undefined;
  }
  const name = protocol?.text ?? usual;
  const address = addressOf(endpoint.host, ipv6, names, told);
  const port = portOf(endpoint.port, protocols[name as 'tcp' | 'udp'], names, told);
  if (address === undefined || port === undefined) return undefined;
  const fields = {
    protocol: scalarNode(name, protocol ?? value),
    address: scalarNode(address, endpoint.host),
    port: scalarNode(port, endpoint.port),
  };
  return { fields, port, protocol: name };
}

/** ops counts for UDP only. */
function flagNodes(words: ReadonlyMap<string, Word>, protocol: string, told: Diagnostics): MaybeNode {
  const nodes: SourceNode[] = [];
  const ops = words.get('ops');
  if (ops && ops.text !== 'yes' && ops.text !== 'no') told.error(ops, "ops is 'yes' or 'no'");
  if (ops?.text === 'yes' && protocol === 'udp') nodes.push(scalarNode('one-packet', ops));
  else if (ops?.text === 'yes')
    told.warn(ops, 'one-packet scheduling is for UDP: ldirectord takes no notice of it');
  const flags = words.get('schedflags');
  for (const match of flags?.text.matchAll(/[^,\s]+/g) ?? []) {
    nodes.push(scalarNode(match[0], partOf(flags!, match.index, match[0].length)));
  }
  return someItems(nodes);
}

/** A netmask counts with persistence only. */
function persistenceNode(words: ReadonlyMap<string, Word>, ipv6: boolean, told: Diagnostics): MaybeNode {
  const timeout = words.get('persistent');
  const netmask = words.get('netmask');
  if (!timeout) {
    if (netmask) told.warn(netmask, "ldirectord takes no notice of it: 'persistent' is missing");
    return undefined;
  }
  const seconds = numberOf(timeout, told);
  if (seconds === 0) told.error(timeout, 'the timeout is at least 1 second');
  const mask = netmask && (ipv6 ? numberOf(netmask, told) : netmask.text);
  return objectNode(
    { timeout: scalarNode(seconds, timeout), netmask: netmask && scalarNode(mask, netmask) },
    timeout,
  );
}

/** ldirectord(8): with checktype off no real server is activated. */
function withoutOff(
  servers: readonly SourceNode[],
  checktype: Word | undefined,
  told: Diagnostics,
): readonly SourceNode[] {
  if (!checktype) return servers;
  if (checktype.text !== 'off') {
    told.note(checktype, "'checktype' is left out: it is about health checks");
    return servers;
  }
  told.warn(
    checktype,
    "with 'off' ldirectord puts no real server in the table: so it is here",
    "'on' puts them all in",
  );
  return [];
}
