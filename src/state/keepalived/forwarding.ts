/**
 * lvs_method: NAT, DR, or TUN [type {ipip | gue port NUM | gre} [nocsum | csum | remcsum]].
 * keepalived.conf(5).
 */
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { argumentsOf } from './each-statement';
import type { Statement } from './statements';

export interface Forwarding {
  readonly method: 'NAT' | 'DR' | 'TUN';
  /** Absent: not given in the file. */
  readonly forwarding: MaybeNode;
  readonly tunnel: MaybeNode;
}

/** keepalived's default. */
export const defaultMethod = 'NAT';

/** keepalived's method to the value of `forwarding` in a state document. */
export const forwardingNames = { NAT: 'masquerading', DR: 'gatewaying', TUN: 'tunneling' } as const;

const checksums: Readonly<Record<string, readonly string[]>> = {
  nocsum: [],
  csum: ['checksum'],
  remcsum: ['remote-checksum'],
};

export function forwardingOf(statement: Statement, diagnostics: Diagnostics): Forwarding | undefined {
  const [method, ...options] = argumentsOf(statement, 1, 6, diagnostics) ?? [];
  if (!method) return undefined;
  if (!Object.hasOwn(forwardingNames, method.text)) {
    diagnostics.error(method, `unknown forwarding method '${method.text}'`, 'NAT, DR or TUN');
    return undefined;
  }
  const name = method.text as Forwarding['method'];
  if (options[0] && name !== 'TUN')
    diagnostics.error(options[0], `'${options[0].text}' requires the forwarding method TUN`);
  return {
    method: name,
    forwarding: scalarNode(forwardingNames[name], method),
    tunnel: name === 'TUN' && options[0] ? tunnelOf(options, diagnostics) : undefined,
  };
}

function tunnelOf(options: readonly Word[], diagnostics: Diagnostics): SourceNode {
  const fields: Record<string, MaybeNode> = {};
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!;
    const value = options[at + 1];
    if ((option.text === 'type' || option.text === 'port') && !value) {
      diagnostics.error(option, `missing argument after '${option.text}'`);
    } else if (option.text === 'type') {
      at += 1;
      if (!['ipip', 'gue', 'gre'].includes(value!.text)) {
        diagnostics.error(value!, `unknown tunnel type '${value!.text}'`, 'ipip, gue or gre');
      } else fields.type = scalarNode(value!.text, value!);
    } else if (option.text === 'port') {
      at += 1;
      const port = numberOf(value!, diagnostics);
      if (port !== undefined) fields.port = scalarNode(port, value!);
    } else if (Object.hasOwn(checksums, option.text)) {
      const names = checksums[option.text]!.map((flag) => scalarNode(flag, option));
      if (names.length > 0) fields.flags = listNode(names, option);
    } else {
      diagnostics.error(
        option,
        `unknown tunnel option '${option.text}'`,
        'type, port, nocsum, csum or remcsum',
      );
    }
  }
  checkTunnel(fields, options[0]!, diagnostics);
  return objectNode(fields, options[0]!);
}

/** Reports combinations of tunnel options that keepalived rejects. */
function checkTunnel(
  { type, port, flags }: Record<string, MaybeNode>,
  at: Word,
  diagnostics: Diagnostics,
): void {
  if (type?.value === 'gue' && !port?.value) {
    diagnostics.error((port ?? type).span, 'a gue tunnel requires a UDP port', 'type gue port NUMBER');
  }
  if (port && type?.value !== 'gue') diagnostics.error(port.span, 'only a gue tunnel takes a port');
  if (!type && !port)
    diagnostics.error(at, 'missing tunnel type', 'type ipip, type gue port NUMBER or type gre');
  if (flags && type?.value === 'ipip')
    diagnostics.error(flags.span, 'an ipip tunnel takes no checksum option');
  if (flags?.items?.[0]?.value === 'remote-checksum' && type?.value === 'gre') {
    diagnostics.error(flags.span, 'a gre tunnel takes no remote checksum');
  }
}
