/** The flags that choose from the table and order it, and what they ask for. */
import * as Flags from '@oclif/core/flags';
import { parseTarget } from '../../live/connection-query';
import { type SortKey, sortKeys } from '../../live/table-order';
import { askedProtocols, askedStates, parseServiceTarget, type TableQuery } from '../../live/table-query';
import { severalFlag } from './several-flag';

/** What lists no services, and takes nothing of this. */
const otherListings = ['connection', 'timeout', 'daemon'];

const several = {
  multiple: true,
  multipleNonGreedy: true,
  exclusive: otherListings,
} as const;

export const tableFlags = {
  service: severalFlag(
    'SERVICE',
    'virtual services such as 192.0.2.10, 192.0.2.10:80, udp:192.0.2.10:53, fwmark:7',
    parseServiceTarget,
    'must be an address, an address with a port, a service such as tcp:192.0.2.10:80, or fwmark:7',
    otherListings,
  ),
  protocol: Flags.option({
    ...several,
    options: askedProtocols,
    helpValue: 'PROTOCOL',
    description: 'virtual services of tcp, udp or sctp, or those of a fwmark; repeatable',
  })(),
  server: severalFlag(
    'ADDRESS[:PORT]',
    'this real server',
    parseTarget,
    'must be an address, or an address with a port, such as 10.0.0.17:80 or [2001:db8::17]:80',
    otherListings,
  ),
  state: Flags.option({
    ...several,
    options: askedStates,
    helpValue: 'STATE',
    description:
      'real servers of weight 0 with connections (draining) or without (down), at their upper threshold ' +
      '(overloaded); services without a real server with a weight (empty); repeatable',
  })(),
  sort: Flags.option({
    options: Object.keys(sortKeys) as SortKey[],
    helpValue: 'KEY',
    description:
      'the largest first, by active, inactive or persistent connections, by weight, rate (connections a second), ' +
      'traffic (bytes a second) or total (connections so far); default address',
    exclusive: ['nosort', ...otherListings],
  })(),
};

/** The values of `tableFlags`. */
export interface TableFlagValues {
  readonly service?: TableQuery['services'] | undefined;
  readonly protocol?: TableQuery['protocols'] | undefined;
  readonly server?: TableQuery['servers'] | undefined;
  readonly state?: TableQuery['states'] | undefined;
}

export function queryOf({
  service = [],
  protocol = [],
  server = [],
  state = [],
}: TableFlagValues): TableQuery {
  return { services: service, protocols: protocol, servers: server, states: state };
}
