/**
 * Fast path of `isAsked` for a table of a million connections: judges usual lines as bytes. Held equal
 * to it by test/live/scan-connections.test.ts.
 */
import type { TakeLines } from '../bytes/line-cutter';
import { addressWord } from '../model/address';
import type { ConnectionQuery, Network, Target } from './connection-query';
import { lineReader, type UsualConnection, usualConnection } from './usual-connection';

/** Whether a line is asked for. */
type Judge = (line: UsualConnection) => boolean;

/**
 * Returns a function that passes over usual lines that are not asked for.
 * @param visit called with those that are; without it, the first of them is left to the caller.
 */
export function scanner(query: ConnectionQuery, visit?: (line: UsualConnection) => void): TakeLines {
  const judges = [
    networkJudge(query.clients),
    targetJudge(query.services, 1),
    targetJudge(query.servers, 2),
    ...otherJudges(query),
  ].filter((judge) => judge !== undefined);
  const line = usualConnection();
  const read = lineReader(line);
  return (block, from) => {
    let at = from;
    while (read(block, at)) {
      if (judges.every((judge) => judge(line))) {
        if (!visit) return at;
        visit(line);
      }
      at = line.next;
    }
    return at;
  };
}

function networkJudge(networks: readonly Network[]): Judge | undefined {
  if (networks.length === 0) return undefined;
  const wanted = networks
    .filter(({ address }) => address.length === 4)
    .map(({ address, prefix }) => {
      const mask = prefix === 0 ? 0 : -1 << (32 - prefix);
      return { mask, word: addressWord(address, 0) & mask };
    });
  return ({ addresses }) => wanted.some(({ mask, word }) => (addresses[0]! & mask) === word);
}

/** @param end of the connection: 1, its virtual service, or 2, its real server. */
function targetJudge(targets: readonly Target[], end: 1 | 2): Judge | undefined {
  if (targets.length === 0) return undefined;
  const wanted = targets
    .filter(({ address }) => address.length === 4)
    .map(({ address, port }) => ({ word: addressWord(address, 0) | 0, port }));
  return ({ addresses, ports }) =>
    wanted.some(({ word, port }) => word === addresses[end] && (port === undefined || port === ports[end]));
}

function otherJudges({ states, protocols, expiresFrom, expiresTo }: ConnectionQuery): Judge[] {
  return [
    ...(states.length > 0 ? [({ state }: UsualConnection) => states.includes(state)] : []),
    ...(protocols.length > 0 ? [({ protocol }: UsualConnection) => protocols.includes(protocol)] : []),
    ...(expiresFrom > 0 || expiresTo < Number.POSITIVE_INFINITY
      ? [({ seconds }: UsualConnection) => seconds >= expiresFrom && seconds <= expiresTo]
      : []),
  ];
}
