/** What keepalived does with servers that are down, as policies of a state document. */
import { formatAddress } from '../../model/address';
import { type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import type { Diagnostics } from '../source/collect';
import { forwardingNames } from './forwarding';
import type { Server, VirtualServer } from './model';
import type { Service } from './table';

/** Whether any server of a virtual server may go down. */
export function isChecked({ servers }: VirtualServer): boolean {
  return servers.some(({ checkers }) => checkers !== undefined);
}

/** All that differs from our defaults is written out. */
export function policyFields(service: Service, diagnostics: Diagnostics): Record<string, MaybeNode> {
  const { owner } = service;
  const { word, quorum, hysteresis, quorumWord, hysteresisWord } = owner;
  const sorry = sorryNode(service, diagnostics);
  const inhibited = owner.servers.filter(({ inhibit }) => inhibit).length;
  if (inhibited > 0 && inhibited < owner.servers.length)
    diagnostics.warn(
      word,
      "'inhibit_on_failure' of one real server counts for all of the virtual server: weight 0 instead of removal",
    );
  return {
    quorum: quorum === 1 ? undefined : scalarNode(quorum, quorumWord ?? word),
    hysteresis: hysteresis === 0 ? undefined : scalarNode(hysteresis, hysteresisWord ?? word),
    onFail: scalarNode(inhibited > 0 ? 'weight0' : 'remove', word),
    whenAllDown: scalarNode(sorry ? 'sorry' : 'drop', word),
    sorry,
  };
}

/** The sorry server, unless it is in the table already in place of the real servers. */
function sorryNode({ owner, key, servers }: Service, diagnostics: Diagnostics): MaybeNode {
  const { sorry } = owner;
  if (!sorry) return undefined;
  const { endpoint, forwarding, tunnel } = sorry;
  const nat = forwarding!.method === 'NAT';
  const port = nat ? endpoint.port : key.kind === 'address' ? key.port : 0;
  const there = servers.get(`${formatAddress(endpoint.address)} ${port}`);
  if (there && there.server !== sorry) {
    diagnostics.warn(endpoint.word, 'the sorry server is left out: it is one of the real servers');
    return undefined;
  }
  if (there && there.weight !== 0) return undefined;
  return objectNode(
    {
      address: scalarNode(addressText(sorry), endpoint.word),
      port: scalarNode(port, endpoint.portWord),
      forwarding: scalarNode(forwardingNames[forwarding!.method], forwarding!.word),
      tunnel: forwarding!.method === 'TUN' ? tunnel?.node : undefined,
    },
    endpoint.word,
  );
}

export function addressText({ endpoint: { word } }: Server): string {
  return /^[^-/]*/.exec(word.text)![0];
}
