/**
 * Fast path of `writeServer` for the table that is kept before a change, which must not keep the change
 * waiting: most real servers differ in a few numbers only. Held equal to it by
 * test/state/document/plain-server.test.ts.
 */
import { asciiJson } from '../../bytes/unicode';
import { AF_INET, formatAddress } from '../../model/address';
import { isTunneling } from '../../model/kernel-rules';
import type { ListedServer } from '../../model/real-server';
import type { MaybeUnknown } from '../table/listed-state';
import { serverFields } from './server-fields';
import { writeFields } from './write-fields';

/** What stands around address, port, weight and the two thresholds, by forwarding method. */
const templates = new Map<number, readonly string[]>();
const PIECES = 6;

/** The object of a real server without counters; undefined if it is not a usual one. */
export function plainServer(server: ListedServer & MaybeUnknown): string | undefined {
  if (!isPlain(server)) return undefined;
  const { address, port, forwarding, weight, upperThreshold, lowerThreshold } = server;
  let pieces = templates.get(forwarding);
  if (!pieces) {
    pieces = templateOf(server);
    templates.set(forwarding, pieces);
  }
  if (pieces.length !== PIECES) return undefined;
  const [a, b, c, d, e, f] = pieces;
  return `${a}"${formatAddress(address)}"${b}:${port}${c}:${weight}${d}:${upperThreshold}${e}:${lowerThreshold}${f}`;
}

function isPlain(server: ListedServer & MaybeUnknown): boolean {
  const { tunnel, unknown, family } = server;
  const bare = tunnel.type === 0 && tunnel.port === 0 && tunnel.flags === 0;
  return family === AF_INET && bare && !isTunneling(server) && (unknown === undefined || unknown.size === 0);
}

function templateOf(server: ListedServer): readonly string[] {
  const numbers = { address: new Uint8Array(4), port: 0, weight: 0, upperThreshold: 0, lowerThreshold: 0 };
  return asciiJson(writeFields(serverFields, { ...server, ...numbers }, false)).split(
    /"0\.0\.0\.0"|:0(?=[,}])/,
  );
}
