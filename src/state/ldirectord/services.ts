/** Converts the section of a virtual service of ldirectord(8) to a service of a state document. */
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
  diagnostics: Diagnostics,
): SourceNode | undefined {
  const ipv6 = head.name.text === 'virtual6';
  const words = new Map<string, Word>();
  const reals: Setting[] = [];
  for (const setting of settings) {
    if (!isConverted(setting, sectionDirectives, 'in the section of a virtual service', diagnostics))
      continue;
    const name = setting.name.text;
    if (name !== 'real' && name !== 'real6') words.set(name, setting.value);
    else if ((name === 'real6') === ipv6) reals.push(setting);
    else
      diagnostics.error(
        setting.name,
        `'${name}' in the section of a '${head.name.text}'`,
        ipv6 ? 'use real6' : 'use real',
      );
  }
  const key = keyOf(head, ipv6, words.get('protocol'), names, diagnostics);
  if (!key) return undefined;
  const scheduler = words.get('scheduler');
  const service = { port: key.port, ipv6 };
  const servers = reals.flatMap(({ value }) => serverNodes(value, service, names, diagnostics));
  return objectNode(
    {
      ...key.fields,
      scheduler: scalarNode(scheduler?.text ?? DEFAULT_SCHEDULER, scheduler ?? head.name),
      flags: flagNodes(words, key.protocol, diagnostics),
      persistence: persistenceNode(words, ipv6, diagnostics),
      servers: listNode(withoutOff(servers, words.get('checktype'), diagnostics), head.value),
    },
    head.value,
  );
}

/**
 * Returns whether a directive is converted. Reports unknown directives as errors and ignored ones
 * as notes.
 */
export function isConverted(
  { name }: Setting,
  directives: Directives,
  where: string,
  diagnostics: Diagnostics,
): boolean {
  const directive = Object.hasOwn(directives, name.text) ? directives[name.text] : undefined;
  if (!directive) {
    diagnostics.error(
      name,
      `unknown directive '${name.text}' ${where}`,
      suggestName(name.text, Object.keys(directives)),
    );
  } else if (directive.ignored !== undefined) {
    diagnostics.note(name, `'${name.text}' is ignored: ${directive.ignored}`);
  }
  return directive !== undefined && directive.ignored === undefined;
}

interface Key {
  readonly fields: Readonly<Record<string, MaybeNode>>;
  /** Undefined for a firewall mark. */
  readonly port: number | undefined;
  readonly protocol: string;
}

function keyOf(
  head: Setting,
  ipv6: boolean,
  protocol: Word | undefined,
  names: NameSource,
  diagnostics: Diagnostics,
): Key | undefined {
  const { value } = head;
  if (/^[0-9]+$/.test(value.text)) {
    if (protocol && protocol.text !== 'fwm')
      diagnostics.error(protocol, "the protocol of a firewall mark must be 'fwm'");
    const fields = {
      fwmark: scalarNode(numberOf(value, diagnostics), value),
      family: scalarNode(ipv6 ? 'ipv6' : 'ipv4', head.name),
    };
    return { fields, port: undefined, protocol: 'fwm' };
  }
  const endpoint = endpointOf(value, diagnostics);
  if (!endpoint) return undefined;
  if (!endpoint.port || endpoint.last) {
    diagnostics.error(
      value,
      endpoint.last ? 'a virtual service takes a single address' : 'missing port',
      'virtual = ADDRESS:PORT',
    );
    return undefined;
  }
  const usual = /^(53|domain)$/.test(endpoint.port.text) ? 'udp' : 'tcp';
  if (protocol && protocol.text !== 'tcp' && protocol.text !== 'udp') {
    diagnostics.error(protocol, `unsupported protocol '${protocol.text}'`, 'tcp or udp');
    return undefined;
  }
  const name = protocol?.text ?? usual;
  const address = addressOf(endpoint.host, ipv6, names, diagnostics);
  const port = portOf(endpoint.port, protocols[name as 'tcp' | 'udp'], names, diagnostics);
  if (address === undefined || port === undefined) return undefined;
  const fields = {
    protocol: scalarNode(name, protocol ?? value),
    address: scalarNode(address, endpoint.host),
    port: scalarNode(port, endpoint.port),
  };
  return { fields, port, protocol: name };
}

/** `ops` takes effect for UDP only. */
function flagNodes(words: ReadonlyMap<string, Word>, protocol: string, diagnostics: Diagnostics): MaybeNode {
  const nodes: SourceNode[] = [];
  const ops = words.get('ops');
  if (ops && ops.text !== 'yes' && ops.text !== 'no') diagnostics.error(ops, "'ops' must be 'yes' or 'no'");
  if (ops?.text === 'yes' && protocol === 'udp') nodes.push(scalarNode('one-packet', ops));
  else if (ops?.text === 'yes')
    diagnostics.warn(ops, "ldirectord ignores 'ops': one-packet scheduling requires UDP");
  const flags = words.get('schedflags');
  for (const match of flags?.text.matchAll(/[^, \t\n\v\f\r]+/g) ?? []) {
    nodes.push(scalarNode(match[0], partOf(flags!, match.index, match[0].length)));
  }
  return someItems(nodes);
}

/** `netmask` takes effect with `persistent` only. */
function persistenceNode(
  words: ReadonlyMap<string, Word>,
  ipv6: boolean,
  diagnostics: Diagnostics,
): MaybeNode {
  const timeout = words.get('persistent');
  const netmask = words.get('netmask');
  if (!timeout) {
    if (netmask) diagnostics.warn(netmask, "ldirectord ignores 'netmask' without 'persistent'");
    return undefined;
  }
  const seconds = numberOf(timeout, diagnostics);
  if (seconds === 0) diagnostics.error(timeout, "'persistent' must be at least 1 second");
  const mask = netmask && (ipv6 ? numberOf(netmask, diagnostics) : netmask.text);
  return objectNode(
    { timeout: scalarNode(seconds, timeout), netmask: netmask && scalarNode(mask, netmask) },
    timeout,
  );
}

/** ldirectord(8): with checktype off, no real servers are activated. */
function withoutOff(
  servers: readonly SourceNode[],
  checktype: Word | undefined,
  diagnostics: Diagnostics,
): readonly SourceNode[] {
  if (!checktype) return servers;
  if (checktype.text !== 'off') {
    diagnostics.note(checktype, "'checktype' is ignored: ipvsadm does not run health checks");
    return servers;
  }
  diagnostics.warn(
    checktype,
    "the real servers are ignored: with 'checktype = off' ldirectord does not add them to the table",
    "'checktype = on' adds them all",
  );
  return [];
}
