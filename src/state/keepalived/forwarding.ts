/**
 * lvs_method: NAT, DR, or TUN [type {ipip | gue port NUM | gre} [nocsum | csum | remcsum]].
 * keepalived.conf(5); check_parser.c, svr_forwarding_handler.
 */
import { limits } from '../../model/limits';
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import type { Diagnostics, Word } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { unsignedOf } from './numbers';
import type { Words } from './words';

export type Method = 'NAT' | 'DR' | 'TUN';

export interface Forwarding {
  readonly method: Method;
  readonly word: Span;
}

/** The options of a tunnel; they matter with TUN only. */
export interface Tunnel {
  readonly type: string;
  readonly node: MaybeNode;
}

/** What a virtual or real server has of both. */
export interface Forwarded {
  /** Undefined: not given. */
  forwarding: Forwarding | undefined;
  /** Undefined: ipip. */
  tunnel: Tunnel | undefined;
}

/** keepalived's default. */
export const defaultMethod = 'NAT';

/** keepalived's method to the value of `forwarding` in a state document. */
export const forwardingNames = { NAT: 'masquerading', DR: 'gatewaying', TUN: 'tunneling' } as const;

const tunnelTypes: readonly string[] = ['ipip', 'gue', 'gre'];
const checksums: Readonly<Record<string, readonly string[]>> = {
  nocsum: [],
  csum: ['checksum'],
  remcsum: ['remote-checksum'],
};

/** Sets the method of a server, and its tunnel unless the options are wrong. */
export function setForwarding(
  server: Forwarded,
  [keyword, method, ...options]: Words,
  diagnostics: Diagnostics,
): void {
  if (!method) return;
  if (!Object.hasOwn(forwardingNames, method.text)) {
    diagnostics.warn(
      method,
      `unknown forwarding method '${method.text}': keepalived ignores '${keyword.text}'`,
      'NAT, DR or TUN',
    );
    return;
  }
  server.forwarding = { method: method.text as Method, word: method };
  const tunnel = tunnelOf(options, diagnostics);
  if (tunnel) server.tunnel = tunnel;
}

/** Returns undefined if keepalived ignores the options. */
function tunnelOf(options: readonly Word[], diagnostics: Diagnostics): Tunnel | undefined {
  const fields: Record<string, MaybeNode> = {};
  const ignored = (at: Span, message: string, hint?: string) => {
    diagnostics.warn(at, `${message}: keepalived ignores the tunnel options`, hint);
    return undefined;
  };
  let type = 'ipip';
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!;
    const value = options[at + 1];
    if (option.text === 'type' || option.text === 'port') {
      if (!value) return ignored(option, `missing argument after '${option.text}'`);
      at += 1;
    }
    if (option.text === 'type') {
      if (!tunnelTypes.includes(value!.text))
        return ignored(value!, `unknown tunnel type '${value!.text}'`, 'ipip, gue or gre');
      type = value!.text;
      fields.type = scalarNode(type, value!);
    } else if (option.text === 'port') {
      const port = unsignedOf(value!, limits.destinationPort, false, diagnostics);
      if (port === undefined) return ignored(value!, `'${value!.text}' is no UDP port`);
      fields.port = scalarNode(port, value!);
    } else if (Object.hasOwn(checksums, option.text)) {
      const names = checksums[option.text]!.map((flag) => scalarNode(flag, option));
      fields.flags = names.length > 0 ? listNode(names, option) : undefined;
    } else {
      return ignored(option, `unknown tunnel option '${option.text}'`, 'type, port, nocsum, csum or remcsum');
    }
  }
  const wrong = wrongTunnel(type, fields);
  if (wrong) return ignored(wrong.node?.span ?? options[0]!, wrong.message, wrong.hint);
  return { type, node: options[0] && objectNode(fields, options[0]) };
}

/** Combinations that keepalived rejects. */
function wrongTunnel(
  type: string,
  { type: typeNode, port, flags }: Record<string, MaybeNode>,
): { node: MaybeNode; message: string; hint?: string } | undefined {
  if (type === 'gue' && !port)
    return { node: typeNode, message: 'a gue tunnel requires a UDP port', hint: 'type gue port NUMBER' };
  if (port && type !== 'gue') return { node: port, message: 'only a gue tunnel takes a port' };
  if (flags && type === 'ipip') return { node: flags, message: 'an ipip tunnel takes no checksum option' };
  if (type === 'gre' && flags?.items?.[0]?.value === 'remote-checksum')
    return { node: flags, message: 'a gre tunnel takes no remote checksum' };
  return undefined;
}
