/** The connection table of a fake kernel, in the form of /proc/net/ip_vs_conn (ip_vs_conn.c). */
import { toBytes } from '../bytes/byte-text';
import { addressWord, parseAddress } from '../model/address';
import type { ConnectionDocument, EndpointDocument } from '../state/document/types';

const TITLE = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';

/** Yields the file in blocks. @throws TypeError for an address that is none. */
export function* connectionBlocks(connections: Iterable<ConnectionDocument>): Generator<Uint8Array, void> {
  yield toBytes(TITLE);
  for (const connection of connections) yield toBytes(lineOf(connection));
}

function lineOf({
  protocol,
  client,
  virtual,
  server,
  state,
  expires,
  persistence,
}: ConnectionDocument): string {
  const ends = [client, virtual, server].map(endpoint).join(' ');
  const data = persistence ? ` ${persistence.engine} ${persistence.data}` : '';
  return `${protocol.toUpperCase().padEnd(3)} ${ends} ${state.padEnd(11)} ${String(expires).padStart(7)}${data}\n`;
}

function endpoint({ address: text, port }: EndpointDocument): string {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`${text}: not an IPv4 or IPv6 address`);
  const words = Array.from({ length: address.length / 4 }, (_, at) => hex(addressWord(address, 4 * at), 8));
  const written = address.length === 4 ? words[0]! : words.join('').match(/..../g)!.join(':').toLowerCase();
  return `${written} ${hex(port, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
