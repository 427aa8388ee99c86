import {
  type Connection,
  formatConnection,
  formatConnectionTitles,
  parseConnection,
} from '../../src/format/connections';
import { AF_INET, AF_INET6, parseAddress } from '../../src/model/address';
import { testNames } from '../helpers/test-names';

const line = 'TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT       119';
const at = (text: string, port: number) => {
  const address = parseAddress(text)!;
  return { family: address.length === 4 ? AF_INET : AF_INET6, address, port } as const;
};
const connection: Connection = {
  protocol: 'TCP',
  client: at('10.1.0.2', 40003),
  virtual: at('10.1.0.100', 80),
  destination: at('10.2.0.3', 8080),
  state: 'TIME_WAIT',
  seconds: 119,
  engine: undefined,
  engineData: undefined,
};

describe('a line of the kernel', () => {
  test.each<[string, string, Connection]>([
    ['has addresses and ports in hexadecimal', line, connection],
    [
      'may have white space of any kind around its fields',
      `  ${line.replaceAll(' ', ' \t\v\f')}\r`,
      connection,
    ],
    [
      'may have IPv6 addresses',
      'TCP 2001:0db8:0001:0000:0000:0000:0000:0002 9C54 2001:0db8:0001:0000:0000:0000:0000:0100 01BB 2001:0db8:0002:0000:0000:0000:0000:0002 20FB ESTABLISHED     899',
      {
        ...connection,
        client: at('2001:db8:1::2', 40020),
        virtual: at('2001:db8:1::100', 443),
        destination: at('2001:db8:2::2', 8443),
        state: 'ESTABLISHED',
        seconds: 899,
      },
    ],
    [
      'may have a destination of the other family',
      'TCP 0A010001 A02B 0A010064 0051 2001:0db8:0002:0000:0000:0000:0000:0002 0051 SYN_RECV         59',
      {
        ...connection,
        client: at('10.1.0.1', 41003),
        virtual: at('10.1.0.100', 81),
        destination: at('2001:db8:2::2', 81),
        state: 'SYN_RECV',
        seconds: 59,
      },
    ],
    ['may have dotted addresses', line.replace('0A010002', '10.1.0.2'), connection],
    [
      'may have an engine with its data',
      `${line} sip abc@host more`,
      { ...connection, engine: 'sip', engineData: 'abc@host' },
    ],
    ['may have an engine without data', `${line} sip`, { ...connection, engine: 'sip' }],
    ['may have seconds that are none', line.replace('119', 'abc'), { ...connection, seconds: 0 }],
    [
      'may have negative seconds, as unsigned ones',
      line.replace('119', '-1'),
      { ...connection, seconds: 4294967295 },
    ],
    [
      'may have an address that is none',
      line.replace('0A010002', 'ZZ'),
      { ...connection, client: at('0.0.0.0', 40003) },
    ],
  ])('%s', (_name, text, expected) => {
    expect(parseConnection(text)).toEqual(expected);
  });

  test.each(['', '   ', 'TCP', 'TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT'])(
    '%j misses fields',
    (text) => {
      expect(parseConnection(text)).toBeUndefined();
    },
  );
});

test('the titles, with and without engine data', () => {
  expect([formatConnectionTitles(false), formatConnectionTitles(true)]).toEqual([
    'IPVS connection entries\npro expire state       source             virtual            destination\n',
    'IPVS connection entries\npro expire state       source             virtual            destination        pe name          pe_data\n',
  ]);
});

describe('a connection', () => {
  test.each<[string, Partial<Connection>, string]>([
    ['has columns', {}, 'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n'],
    [
      'has long protocols that shift the rest',
      { protocol: 'ICMPv6' },
      'ICMPv6 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n',
    ],
    [
      'has IPv6 in brackets',
      { client: at('2001:db8::1', 1) },
      'TCP 01:59  TIME_WAIT   [2001:db8::1]:1    10.1.0.100:80      10.2.0.3:8080\n',
    ],
    [
      'has a mark as address',
      { protocol: 'IP', virtual: at('0:8::', 0) },
      'IP  01:59  TIME_WAIT   10.1.0.2:40003     [0:8::]:0          10.2.0.3:8080\n',
    ],
    [
      'hides engine data',
      { engine: 'sip', engineData: 'abc' },
      'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n',
    ],
  ])('%s', (_name, own, expected) => {
    expect(formatConnection({ ...connection, ...own }, false, undefined)).toBe(expected);
  });

  test.each([
    [0, '00:00 '],
    [59, '00:59 '],
    [60, '01:00 '],
    [5999, '99:59 '],
    [6000, '100:00'],
    [2678400, '44640:00'],
  ])('expires in %d seconds', (seconds, expected) => {
    expect(formatConnection({ ...connection, seconds }, false, undefined)).toBe(
      `TCP ${expected} TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n`,
    );
  });

  test.each<[string, Partial<Connection>, string]>([
    [
      'with its engine data',
      { engine: 'sip', engineData: 'abc@host' },
      'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080    sip                abc@host\n',
    ],
    [
      'as without where the data is missing',
      { engine: 'sip' },
      'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n',
    ],
    [
      'as without where there is no engine',
      {},
      'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n',
    ],
  ])('is shown %s', (_name, own, expected) => {
    expect(formatConnection({ ...connection, ...own }, true, undefined)).toBe(expected);
  });

  test('has service names for TCP, UDP and SCTP written so only', () => {
    const show = (protocol: string) => formatConnection({ ...connection, protocol }, false, testNames);
    expect([show('TCP'), show('UDP'), show('tcp')]).toEqual([
      'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:http    10.2.0.3:http-alt\n',
      'UDP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n',
      'tcp 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n',
    ]);
  });
});
