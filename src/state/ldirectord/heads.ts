/** virtual = HOST:PORT or a firewall mark. ldirectord(8). */
import { parseIpv6 } from '../../model/address';
import type { Word } from '../source/collect';
import { addressOf, hostText, type Lookup, portOf } from './endpoints';
import { partOf, warnOfRest } from './lines';

/** What a service is, before its names are looked up. */
export interface Head {
  /** The firewall mark; undefined if the service has an address. */
  readonly mark: Word | undefined;
  /** Of a firewall mark: itself. */
  readonly host: Word;
  /** The port as given; 0 for a firewall mark. */
  readonly port: Word;
}

/** What a service is, in ipvsadm's terms. */
export interface Target {
  readonly head: Head;
  /** As ldirectord gives it to ipvsadm: HOST:PORT or a firewall mark. */
  readonly name: string;
  /** The port as ldirectord writes it. */
  readonly port: string;
  /** Undefined for a firewall mark. */
  readonly address: string | undefined;
  /**
   * Whether ldirectord finds the service in ipvsadm's list, where numbers have no leading zeros and
   * its pattern for addresses has no dots after colons.
   */
  readonly listed: boolean;
}

const port = '[A-Za-z0-9_-]+';
const address = new RegExp(`^([0-9A-Za-z._+-]+):(${port})`);
const bracketed = new RegExp(String.raw`^\[([0-9A-Fa-f:]+)\]:(${port})`);
const mark = /^[0-9]+/;

/** Returns undefined, and reports an error, when ldirectord refuses the value. */
export function headOf(value: Word, lookup: Lookup): Head | undefined {
  const { ipv6, diagnostics } = lookup;
  const [all, host, name] = address.exec(value.text) ?? [];
  if (host !== undefined) {
    warnOfRest(value, 0, all!.length, diagnostics);
    return {
      mark: undefined,
      host: partOf(value, 0, host.length),
      port: partOf(value, host.length + 1, name!.length),
    };
  }
  const number = mark.exec(value.text)?.[0];
  if (number !== undefined) {
    if (value.text[number.length] === '.')
      diagnostics.warn(
        value,
        `ldirectord takes this for the firewall mark ${number}: the port is missing`,
        'ADDRESS:PORT',
      );
    else warnOfRest(value, 0, number.length, diagnostics);
    const word = partOf(value, 0, number.length);
    return { mark: word, host: word, port: { ...word, text: '0' } };
  }
  const [six, inner, service] = bracketed.exec(value.text) ?? [];
  if (inner !== undefined && ipv6 && parseIpv6(inner)) {
    warnOfRest(value, 0, six!.length, diagnostics);
    return {
      mark: undefined,
      host: partOf(value, 0, inner.length + 2),
      port: partOf(value, inner.length + 3, service!.length),
    };
  }
  if (inner !== undefined && !ipv6)
    diagnostics.error(value, `'[${inner}]' is not an IPv4 address`, 'IPv6 requires virtual6');
  else diagnostics.error(value, `'${value.text.trim()}' is not an address with a port`, rightTarget(ipv6));
  return undefined;
}

function rightTarget(ipv6: boolean): string {
  return ipv6 ? '[ADDRESS]:PORT, HOST:PORT or a firewall mark' : 'ADDRESS:PORT, HOST:PORT or a firewall mark';
}

/** Looks up host and port. Returns undefined, and reports an error, when ldirectord finds none. */
export function targetOf(head: Head, protocol: string, lookup: Lookup): Target | undefined {
  if (head.mark !== undefined) {
    const name = head.mark.text;
    return { head, name, port: '0', address: undefined, listed: isPlain(name) };
  }
  const address = addressOf(head.host, lookup);
  const port = portOf(head.port, protocol, lookup);
  if (address === undefined || port === undefined) return undefined;
  return {
    head,
    name: `${hostText(address)}:${port}`,
    port,
    address,
    listed: isPlain(port) && !isDotted(address),
  };
}

function isPlain(number: string): boolean {
  return !/^0./.test(number);
}

/** Whether an IPv6 address is written with dots. */
export function isDotted(address: string): boolean {
  return address.includes(':') && address.includes('.');
}
