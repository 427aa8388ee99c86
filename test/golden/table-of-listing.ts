/** Recreates the table that a recorded listing shows on a fake kernel. */
import type { FakeKernel } from '../helpers/fake-kernel';

/**
 * Returns the rules that recreate the table of a plain numeric listing in the same order. Servers
 * are in reverse order, because the kernel dumps the newest one first.
 */
export function rulesOfListing(listing: string): string {
  const rules: string[] = [];
  let service = '';
  let servers: string[] = [];
  for (const line of tableLines(listing)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '->') {
      const [, server, forwarding, weight] = words;
      servers.unshift(`-a ${service} -r ${server} ${forwardingOptions[forwarding!]} -w ${weight}`);
      continue;
    }
    rules.push(...servers);
    servers = [];
    const name = words.splice(0, words[2] === 'IPv6' ? 3 : 2);
    service = serviceArguments(name);
    const [scheduler, ...flags] = words;
    rules.push(`-A ${service} -s ${scheduler}${flagArguments(flags)}`);
  }
  return [...rules, ...servers].map((rule) => `${rule}\n`).join('');
}

const forwardingOptions: Readonly<Record<string, string>> = { Masq: '-m', Route: '-g', Tunnel: '-i' };
const protocolOptions: Readonly<Record<string, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };

/** `TCP 10.0.0.13:80` or `FWM -1 IPv6`: C prints marks of 2^31 and more as negative numbers. */
function serviceArguments([protocol, name, family]: readonly string[]): string {
  if (protocol !== 'FWM') return `${protocolOptions[protocol!]} ${name}`;
  return `-f ${Number(name) >>> 0}${family === 'IPv6' ? ' -6' : ''}`;
}

const flagOptions: Readonly<Record<string, string>> = { persistent: '-p', mask: '-M', pe: '--pe' };

/** `persistent 300 mask 64 pe sip ops`. */
function flagArguments(words: readonly string[]): string {
  let text = '';
  for (let at = 0; at < words.length; at += 2) {
    text += words[at] === 'ops' ? ' -o' : ` ${flagOptions[words[at]!]} ${words[at + 1]}`;
  }
  return text;
}

/**
 * Sets the numbers in a fake kernel's table to those of a listing in any format.
 * @param kernel its table has the order of the listing.
 */
export function setNumbers(kernel: FakeKernel, argv: readonly string[], listing: string): void {
  const format = argv.find((argument) => argument in columns) ?? 'plain';
  const { serverOnly, names } = columns[format]!;
  let at = -1;
  let server = 0;
  for (const line of tableLines(listing)) {
    const isServer = line.startsWith('  ->');
    if (isServer) server += 1;
    else {
      at += 1;
      server = -1;
    }
    if (serverOnly && !isServer) continue;
    const { service, destinations } = kernel.entries[at]!;
    const numbers = line.trim().split(/\s+/).slice(-names.length);
    const record = isServer ? destinations[server]! : service;
    if (serverOnly)
      Object.assign(record, Object.fromEntries(names.map((name, i) => [name, Number(numbers[i])])));
    else
      Object.assign(record.stats64!, Object.fromEntries(names.map((name, i) => [name, BigInt(numbers[i]!)])));
  }
}

/** The last columns of each format. */
const columns: Readonly<Record<string, { serverOnly: boolean; names: readonly string[] }>> = {
  plain: { serverOnly: true, names: ['activeConnections', 'inactiveConnections'] },
  '--thresholds': {
    serverOnly: true,
    names: ['upperThreshold', 'lowerThreshold', 'activeConnections', 'inactiveConnections'],
  },
  '--persistent-conn': {
    serverOnly: true,
    names: ['weight', 'persistentConnections', 'activeConnections', 'inactiveConnections'],
  },
  '--stats': {
    serverOnly: false,
    names: ['connections', 'inPackets', 'outPackets', 'inBytes', 'outBytes'],
  },
  '--rate': {
    serverOnly: false,
    names: ['connectionRate', 'inPacketRate', 'outPacketRate', 'inByteRate', 'outByteRate'],
  },
};

/** Returns the lines of services and servers, without version and headings. */
function tableLines(listing: string): string[] {
  return listing.split('\n').filter((line) => line !== '' && !/^(IP Virtual|Prot | {2}-> Remote)/.test(line));
}
