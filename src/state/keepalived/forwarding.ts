/** lvs_method of keepalived.conf(5): NAT, DR, or TUN [type {ipip | gue port NUM | gre} [nocsum | csum | remcsum]]. */
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { argumentsOf } from './each-statement';
import type { Statement } from './statements';

export interface Forwarding {
  readonly method: 'NAT' | 'DR' | 'TUN';
  /** Absent: nothing says it. */
  readonly forwarding: MaybeNode;
  readonly tunnel: MaybeNode;
}

/** What keepalived does when nothing is said. */
export const defaultMethod = 'NAT';

/** The names of state documents. */
export const forwardingNames = { NAT: 'masquerading', DR: 'gatewaying', TUN: 'tunneling' } as const;

const checksums: Readonly<Record<string, readonly string[]>> = {
  nocsum: [],
  csum: ['checksum'],
  remcsum: ['remote-checksum'],
};

export function forwardingOf(statement: Statement, told: Diagnostics): Forwarding | undefined {
  const [method, ...options] = argumentsOf(statement, 1, 6, told) ?? [];
  if (!method) return undefined;
  if (!Object.hasOwn(forwardingNames, method.text)) {
    told.error(method, `there is no forwarding method '${method.text}'`, 'NAT, DR or TUN');
    return undefined;
  }
  const name = method.text as Forwarding['method'];
  if (options[0] && name !== 'TUN') told.error(options[0], `'${options[0].text}' is for TUN`);
  return {
    method: name,
    forwarding: scalarNode(forwardingNames[name], method),
    tunnel: name === 'TUN' && options[0] ? tunnelOf(options, told) : undefined,
  };
}

function tunnelOf(options: readonly Word[], told: Diagnostics): SourceNode {
  const fields: Record<string, MaybeNode> = {};
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!;
    const value = options[at + 1];
    if ((option.text === 'type' || option.text === 'port') && !value) {
      told.error(option, `something is missing behind ${option.text}`);
    } else if (option.text === 'type') {
      at += 1;
      if (!['ipip', 'gue', 'gre'].includes(value!.text)) {
        told.error(value!, `there is no tunnel type '${value!.text}'`, 'ipip, gue or gre');
      } else fields.type = scalarNode(value!.text, value!);
    } else if (option.text === 'port') {
      at += 1;
      const port = numberOf(value!, told);
      if (port !== undefined) fields.port = scalarNode(port, value!);
    } else if (Object.hasOwn(checksums, option.text)) {
      const names = checksums[option.text]!.map((flag) => scalarNode(flag, option));
      if (names.length > 0) fields.flags = listNode(names, option);
    } else {
      told.error(option, `there is no tunnel option '${option.text}'`, 'type, port, nocsum, csum or remcsum');
    }
  }
  checkTunnel(fields, options[0]!, told);
  return objectNode(fields, options[0]!);
}

/** What keepalived refuses. */
function checkTunnel({ type, port, flags }: Record<string, MaybeNode>, at: Word, told: Diagnostics): void {
  if (type?.value === 'gue' && !port?.value) {
    told.error((port ?? type).span, 'a gue tunnel needs its UDP port', 'type gue port NUMBER');
  }
  if (port && type?.value !== 'gue') told.error(port.span, 'only a gue tunnel has a port');
  if (!type && !port)
    told.error(at, 'the type of the tunnel is missing', 'type ipip, type gue port NUMBER, type gre');
  if (flags && type?.value === 'ipip') told.error(flags.span, 'an ipip tunnel has no checksum');
  if (flags?.items?.[0]?.value === 'remote-checksum' && type?.value === 'gre') {
    told.error(flags.span, 'a gre tunnel has no remote checksum');
  }
}
