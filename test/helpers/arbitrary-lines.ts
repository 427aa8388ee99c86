/** Arbitrary lines of rules and connections: ordinary ones, and ones that fast paths must leave. */
import * as fc from 'fast-check';

const altered = (line: fc.Arbitrary<string>, bytes: string) =>
  fc
    .tuple(line, fc.nat(), fc.constantFrom(...bytes))
    .map(([text, at, byte]) => text.slice(0, at % text.length) + byte + text.slice((at % text.length) + 1));

/* Rules */

const number = fc
  .oneof(
    { weight: 8, arbitrary: fc.nat(65535) },
    { weight: 1, arbitrary: fc.constantFrom(0, 65536, 2 ** 31 - 1, 2 ** 31) },
  )
  .map(String);
const address = fc.oneof(
  { weight: 8, arbitrary: fc.ipV4() },
  { weight: 1, arbitrary: fc.constantFrom('01.2.3.4', '1.2.3', '1.2.3.999') },
);
const endpoint = fc.tuple(address, number).map((parts) => parts.join(':'));
const serverLine = fc
  .tuple(
    fc.constantFrom('-t', '-u', '-t', '-u', '-f'),
    endpoint,
    endpoint,
    fc.constantFrom('-m', '-g', '-m', '-g', '-i'),
    number,
  )
  .map(
    ([option, service, server, method, weight]) =>
      `-a ${option} ${service} -r ${server} ${method} -w ${weight}`,
  );
const serviceLine = fc
  .tuple(
    fc.constantFrom('-t', '-u', '-f'),
    endpoint,
    fc.string({ unit: fc.constantFrom(...'rwlcsh'), maxLength: 17 }),
  )
  .map(([option, service, scheduler]) => `-A ${option} ${service} -s ${scheduler}`);

export const ruleLine = fc.oneof(serverLine, serviceLine);

/** A line with one byte changed. */
export const alteredRuleLine = altered(ruleLine, '-atrmgw0189.: \r\0x');

/** Few services and servers, so that lines often repeat and often belong together. */
const service = fc.tuple(
  fc.constantFrom('-t', '-u'),
  fc.constantFrom('192.0.2.1:80', '192.0.2.1:443', '198.51.100.200:65535'),
);
const sensibleLine = fc.oneof(
  {
    weight: 1,
    arbitrary: fc
      .tuple(service, fc.constantFrom('rr', 'wrr', 'rr', 'nosuch'))
      .map(([key, scheduler]) => `-A ${key.join(' ')} -s ${scheduler}`),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(service, fc.nat(999), fc.constantFrom('-m', '-g'), fc.nat(300))
      .map(
        ([key, last, method, weight]) =>
          `-a ${key.join(' ')} -r 10.0.${last >> 8}.${last & 255}:8080 ${method} -w ${weight}`,
      ),
  },
);

/** Many rules, of which few are not of the usual form. */
export const ruleLines = fc
  .array(
    fc.oneof(
      { weight: 60, arbitrary: sensibleLine },
      { weight: 2, arbitrary: fc.constantFrom('', ' ', '-Z', '-a -t 192.0.2.1:80 -r 10.9.9.9 -m -w 1') },
      { weight: 1, arbitrary: fc.oneof(ruleLine, alteredRuleLine) },
    ),
    { maxLength: 200, size: 'max' },
  )
  .map((lines) => lines.join('\n'));

/* Connections */

const hex = (digits: number) =>
  fc
    .integer({ min: 0, max: 16 ** digits - 1 })
    .map((value) => value.toString(16).toUpperCase().padStart(digits, '0'));

/** A line of the kernel, with its newline. */
export const connectionLine = fc
  .tuple(
    fc.constantFrom('TCP ', 'UDP ', 'SCTP ', 'IP  ', 'ICMPv6 '),
    fc.array(fc.tuple(hex(8), hex(4)), { minLength: 3, maxLength: 3 }),
    fc.constantFrom('ESTABLISHED', 'NONE', 'SYN_RECV', 'A_STATE_THAT_IS_LONG', ''),
    fc.integer({ min: 0, max: 1_200_000_000 }),
    fc.constantFrom('', ' ', ' sip id'),
  )
  .map(
    ([protocol, pairs, state, seconds, end]) =>
      `${protocol}${pairs.flat().join(' ')} ${state.padEnd(11)} ${String(seconds).padStart(7)}${end}\n`,
  );

/** A line with one byte changed. */
export const alteredConnectionLine = altered(connectionLine, '0aAFGT_ \t\r.:-x\0');

/** The kernel's file with many connections. */
export const connectionLines = fc
  .array(
    fc.oneof({ weight: 20, arbitrary: connectionLine }, { weight: 1, arbitrary: alteredConnectionLine }),
    { maxLength: 100, size: 'max' },
  )
  .map(
    (lines) =>
      `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n${lines.join('')}`,
  );
