/** Addresses of virtual servers and groups in keepalived.conf(5), with address ranges. */
import { formatAddress, parseAddress } from '../../model/address';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import { argumentsOf } from './each-statement';
import type { Statement } from './statements';

/** What identifies a virtual service: an address and a port, or a firewall mark. */
export type Target =
  | {
      readonly kind: 'address';
      readonly text: string;
      readonly word: Word;
      readonly port: number;
      readonly portWord: Word;
      readonly ofGroup: boolean;
    }
  | {
      readonly kind: 'fwmark';
      readonly mark: number;
      readonly word: Word;
      readonly family?: Word | undefined;
    };

/** A larger range is taken for a mistake. */
const MAX_ADDRESSES = 65536;

/** Returns the addresses and firewall marks of a virtual_server_group. */
export function groupTargets(statements: readonly Statement[], diagnostics: Diagnostics): Target[] {
  return statements.flatMap((statement): readonly Target[] => {
    const [first] = statement.words;
    if (statement.block) diagnostics.error(first, `'${first.text}' takes no block`);
    if (first.text === 'fwmark')
      return markTarget(statement, argumentsOf(statement, 1, 2, diagnostics) ?? [], diagnostics);
    const words = statement.words.slice(1);
    if (words[1])
      diagnostics.error(words[1], `unexpected argument '${words[1].text}' after '${words[0]!.text}'`);
    return rangeOf(first, diagnostics).flatMap((text) =>
      addressTarget(text, first, words[0], true, diagnostics),
    );
  });
}

export function markTarget(
  statement: Statement,
  [mark, family]: readonly Word[],
  diagnostics: Diagnostics,
): Target[] {
  if (!mark) return [];
  const number = numberOf(mark, diagnostics);
  if (family && !/^inet6?$/.test(family.text))
    diagnostics.error(family, `unknown address family '${family.text}'`, 'inet or inet6');
  if (number === undefined) return [];
  return [{ kind: 'fwmark', mark: number, word: mark ?? statement.words[0], family }];
}

/** @param port absent: 0, which stands for all ports. */
export function addressTarget(
  text: string,
  word: Word,
  port: Word | undefined,
  ofGroup: boolean,
  diagnostics: Diagnostics,
): Target[] {
  const number = port ? numberOf(port, diagnostics) : 0;
  if (number === undefined) return [];
  return [{ kind: 'address', text, word, port: number, portWord: port ?? word, ofGroup }];
}

/** Returns the addresses of ADDRESS, ADDRESS-LAST_PART, ADDRESS-ADDRESS or ADDRESS/PREFIX. */
function rangeOf(word: Word, diagnostics: Diagnostics): readonly string[] {
  const [, from, mark, to] = /^([^-/]*)(?:([-/])(.*))?$/s.exec(word.text) ?? [];
  const first = parseAddress(from ?? '');
  if (!first || mark === undefined || to === undefined) return [word.text];
  const bits = first.length * 8;
  const low = numberFrom(first);
  const high = mark === '/' ? lastOfNetwork(low, bits, to) : lastOfRange(from!, to);
  if (high === undefined || high < low) {
    const hint = 'such as 192.0.2.1-10, 192.0.2.1-192.0.2.10, 192.0.2.0/28 or 2001:db8::1-f';
    diagnostics.error(word, `'${word.text}' is not a valid address range`, hint);
    return [];
  }
  if (high - low >= MAX_ADDRESSES) {
    diagnostics.error(word, `'${word.text}' has more than ${MAX_ADDRESSES} addresses`);
    return [];
  }
  return Array.from({ length: Number(high - low) + 1 }, (_, index) =>
    textOf(low + BigInt(index), first.length),
  );
}

/** Returns undefined when host bits are set, because keepalived rejects such an address. */
function lastOfNetwork(low: bigint, bits: number, text: string): bigint | undefined {
  if (!/^[0-9]{1,3}$/.test(text) || Number(text) > bits) return undefined;
  const rest = (1n << BigInt(bits - Number(text))) - 1n;
  return (low & rest) === 0n ? low | rest : undefined;
}

/** `to` is an address or only its last part: decimal after a dot, hexadecimal after a colon. */
function lastOfRange(from: string, to: string): bigint | undefined {
  const last = parseAddress(to) ?? parseAddress(from.replace(/[^.:]*$/, to));
  return last && (last.length === 4) === !from.includes(':') ? numberFrom(last) : undefined;
}

function numberFrom(address: Uint8Array): bigint {
  return address.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function textOf(number: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, index) =>
    Number((number >> BigInt(8 * (length - 1 - index))) & 255n),
  );
  return formatAddress(Uint8Array.from(bytes));
}
