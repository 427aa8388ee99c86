/** What the kernel and the machine have: /proc/net/ip_vs_conn and /etc/services. */
import type { Random } from './random';
import { anyNumber } from './words';

export const connectionWords = [
  'TCP',
  'UDP',
  'SCTP',
  'IP',
  'ESTABLISHED',
  'NONE',
  'C0A80101',
  'sip',
  '0x50',
  '::',
  '10.0.0.1',
  '50',
  ' ',
];

/** In IPv4, addresses are hexadecimal, as are ports. */
export function connections(random: Random): string {
  const hex = (digits: number) =>
    random
      .below(16 ** digits)
      .toString(16)
      .toUpperCase()
      .padStart(digits, '0');
  const address = () =>
    random.once(4)
      ? `[2001:0db8:0000:0000:0000:0000:0000:${hex(4).toLowerCase()}]`.slice(
          random.below(2),
          random.pick([40, 41]),
        )
      : hex(4) + hex(4);
  const line = () =>
    [
      random.pick(['TCP', 'UDP', 'SCTP', 'IP ', 'XX']),
      ...[address(), hex(4), address(), hex(4), address(), hex(4)],
      random.pick(['ESTABLISHED', 'FIN_WAIT', 'UDP', 'NONE', 'x']).padEnd(11),
      random.once(9) ? anyNumber(random) : String(random.below(900)).padStart(7),
      ...(random.once(3) ? ['sip', random.pick(['a@b', 'call\x1b[31m', '', 'a b', '\xff'])] : []),
    ].join(' ');
  const title = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData';
  return [title, ...random.list(0, 12, line), ''].join('\n');
}

export const serviceWords = [
  'http',
  'tcp',
  'udp',
  '80/tcp',
  '/',
  '#',
  '99999/tcp',
  '__proto__',
  '\t',
  '80/__proto__',
  '53/udp',
];

export function services(random: Random): string {
  const name = () => random.pick(['http', 'domain', 'www', '__proto__', 'x', '80', 'constructor']);
  return random
    .list(
      0,
      12,
      () =>
        `${name()}\t${anyNumber(random)}/${random.pick(['tcp', 'udp', 'sctp', 'x'])} ${name()} # ${name()}`,
    )
    .join('\n');
}
