/**
 * Reads the lines that add a real server as `-S -n` writes them, straight from the bytes: the fast twin of
 * `parseCommandLine` for the bulk of a restore. Whatever looks different in any way is left to the general
 * parser; test/classic/scan-rule.test.ts holds the two equal.
 *
 *     -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 1
 */
import { forwardingMethods } from '../model/real-server';
import { protocols } from '../model/virtual-service';

/** What a line says. Addresses and ports are in host order. */
export interface ScannedServer {
  protocol: number;
  serviceAddress: number;
  servicePort: number;
  serverAddress: number;
  serverPort: number;
  forwarding: number;
  weight: number;
}

export function newScannedServer(): ScannedServer {
  return {
    protocol: 0,
    serviceAddress: 0,
    servicePort: 0,
    serverAddress: 0,
    serverPort: 0,
    forwarding: 0,
    weight: 0,
  };
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const A = 0x61;
const G = 0x67;
const M = 0x6d;
const R = 0x72;
const T = 0x74;
const U = 0x75;
const W = 0x77;

/** Where the number that was scanned last ends. */
let position = 0;

/**
 * Scans the line that begins at byte `from`.
 * @returns where the next line begins; 0 when this one is not of the usual form, or not whole.
 */
export function scanServerRule(bytes: Uint8Array, from: number, rule: ScannedServer): number {
  let at = from;
  if (bytes[at] !== DASH || bytes[at + 1] !== A || bytes[at + 2] !== SPACE) return 0;
  if (bytes[at + 3] !== DASH || bytes[at + 5] !== SPACE) return 0;
  const letter = bytes[at + 4];
  if (letter !== T && letter !== U) return 0;
  rule.protocol = letter === T ? protocols.tcp : protocols.udp;

  rule.serviceAddress = scanAddress(bytes, at + 6);
  if (position === 0) return 0;
  rule.servicePort = scanPort(bytes, position);
  at = position;
  if (at === 0 || bytes[at] !== SPACE) return 0;

  if (bytes[at + 1] !== DASH || bytes[at + 2] !== R || bytes[at + 3] !== SPACE) return 0;
  rule.serverAddress = scanAddress(bytes, at + 4);
  if (position === 0) return 0;
  rule.serverPort = scanPort(bytes, position);
  at = position;
  if (at === 0 || bytes[at] !== SPACE || bytes[at + 1] !== DASH) return 0;

  const method = bytes[at + 2];
  if (method === M) {
    rule.forwarding = forwardingMethods.masquerading;
  } else if (method === G) {
    rule.forwarding = forwardingMethods.gatewaying;
    rule.serverPort = rule.servicePort; // direct routing cannot change the port
  } else return 0;
  if (bytes[at + 3] !== SPACE || bytes[at + 4] !== DASH || bytes[at + 5] !== W || bytes[at + 6] !== SPACE)
    return 0;
  rule.weight = scanNumber(bytes, at + 7, 9);
  return position !== 0 && bytes[position] === NEWLINE ? position + 1 : 0;
}

/** A dotted quad without leading zeros, and the colon behind it; `position` is behind the colon, or 0. */
function scanAddress(bytes: Uint8Array, from: number): number {
  let address = 0;
  let at = from;
  for (let part = 0; part < 4; part++) {
    const value = scanNumber(bytes, at, 3);
    if (position === 0 || value > 255 || bytes[position] !== (part < 3 ? DOT : COLON)) {
      position = 0;
      return 0;
    }
    address = (address << 8) | value;
    at = position + 1;
  }
  position = at;
  return address;
}

function scanPort(bytes: Uint8Array, from: number): number {
  const port = scanNumber(bytes, from, 5);
  if (port > 65535) position = 0;
  return port;
}

/** Decimal digits, at most `most` of them, no leading zero; `position` is behind them, or 0. */
function scanNumber(bytes: Uint8Array, from: number, most: number): number {
  let value = 0;
  let at = from;
  for (;;) {
    const digit = bytes[at]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) break; // NaN behind the end
    value = 10 * value + digit;
    at += 1;
  }
  const digits = at - from;
  const usual = digits > 0 && digits <= most && (digits === 1 || bytes[from] !== ZERO);
  position = usual ? at : 0;
  return value;
}
