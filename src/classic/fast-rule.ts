/**
 * Fast path of `parseCommandLine` for restoring many rules: scans the bytes of lines that add a
 * service or a real server, in the form in which `-S -n` usually writes them. Falls back to
 * `parseCommandLine` on anything unusual; held equal to it by test/classic/fast-rule.test.ts.
 *
 *     -A -t 192.0.2.10:80 -s wrr
 *     -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 1
 */

import type { ScannedServer, ScannedService } from '../ipvs/fast-change';
import { forwardingMethods } from '../model/real-server';
import { protocols } from '../model/virtual-service';

export function newScannedService(): ScannedService {
  return { protocol: 0, serviceAddress: 0, servicePort: 0, scheduler: '' };
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
const CAPITAL_A = 0x41;
const A = 0x61;
const G = 0x67;
const M = 0x6d;
const R = 0x72;
const S = 0x73;
const T = 0x74;
const U = 0x75;
const W = 0x77;
const Z = 0x7a;

/** The parser truncates longer scheduler names. */
const MAX_SCHEDULER_LENGTH = 15;

/** Where the text scanned last ends; 0 if it did not have the usual form. */
let position = 0;

/**
 * Scans a line that adds a service into `rule`.
 * @returns where the next line begins; 0 if this line does not have the usual form or is
 * incomplete.
 */
export function scanServiceRule(bytes: Uint8Array, from: number, rule: ScannedService): number {
  if (bytes[from] !== DASH || bytes[from + 1] !== CAPITAL_A || bytes[from + 2] !== SPACE) return 0;
  const letter = bytes[from + 4];
  if (bytes[from + 3] !== DASH || bytes[from + 5] !== SPACE || (letter !== T && letter !== U)) return 0;
  rule.protocol = letter === T ? protocols.tcp : protocols.udp;

  rule.serviceAddress = scanAddress(bytes, from + 6);
  if (position === 0) return 0;
  rule.servicePort = scanPort(bytes, position);
  const at = position;
  if (at === 0 || rule.servicePort === 0 || bytes[at] !== SPACE || bytes[at + 1] !== DASH) return 0;

  if (bytes[at + 2] !== S || bytes[at + 3] !== SPACE) return 0;
  rule.scheduler = '';
  for (position = at + 4; bytes[position]! >= A && bytes[position]! <= Z; position++) {
    rule.scheduler += String.fromCharCode(bytes[position]!);
  }
  const length = position - at - 4;
  return length > 0 && length <= MAX_SCHEDULER_LENGTH && bytes[position] === NEWLINE ? position + 1 : 0;
}

/**
 * Scans a line that adds a real server into `rule`.
 * @returns where the next line begins; 0 if this line does not have the usual form or is
 * incomplete.
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

/** A dotted quad without leading zeros, and a colon. Sets `position` after the colon, or to 0. */
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

/** At most `most` decimal digits without a leading zero. Sets `position` after them, or to 0. */
function scanNumber(bytes: Uint8Array, from: number, most: number): number {
  let value = 0;
  let at = from;
  for (;;) {
    const digit = bytes[at]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) break; // NaN past the end
    value = 10 * value + digit;
    at += 1;
  }
  const digits = at - from;
  const usual = digits > 0 && digits <= most && (digits === 1 || bytes[from] !== ZERO);
  position = usual ? at : 0;
  return value;
}
