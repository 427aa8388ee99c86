/** --json with every listing, in classic syntax. */
import { noStatistics } from '../../src/model/statistics';
import { connectionSchema, schemaProblems } from '../../src/state/document/schema';
import { program } from '../helpers/program';

const rules =
  '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 2 -x 9 -y 8\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m\n-A -f 7 -6 -s wrr -p 60\n-A -t 9.0.0.1:80 -s rr\n' +
  '--start-daemon master --mcast-interface lo\n';

async function listed(line: string) {
  const { kernel, run } = program();
  await run('-R', { stdin: rules });
  const [entry] = kernel.entries;
  entry!.service = { ...entry!.service, stats64: { ...noStatistics, connections: 2n ** 53n } };
  const { stdout, stderr, status } = await run(line);
  return { document: JSON.parse(stdout), stderr, status };
}

test('services, in the order of their addresses, with everything that the kernel reports', async () => {
  const { document, stderr, status } = await listed('-L --json');
  expect({ stderr, status, problems: schemaProblems(document) }).toEqual({
    stderr: '',
    status: 0,
    problems: [],
  });
  const { format, version, kernel, services, ...rest } = document;
  expect({ format, version, kernel, rest }).toEqual({
    format: 'ipvsadm-state',
    version: 1,
    kernel: { version: '1.2.1', connectionTableSize: 256 },
    rest: {},
  });
  expect(services.map((entry: { address: string; fwmark: number }) => entry.address ?? entry.fwmark)).toEqual(
    ['9.0.0.1', '192.0.2.10', 7],
  );
  expect(services[1]).toMatchObject({
    statistics: { connections: '9007199254740992', inPackets: 0 },
    servers: [
      { address: '10.0.0.17', connections: { active: 0, inactive: 0, persistent: 0 } },
      { address: '10.0.0.18', weight: 2, upperThreshold: 9, lowerThreshold: 8 },
    ],
  });
});

test("--nosort keeps the kernel's order, newest server first", async () => {
  const { document } = await listed('-Ln --nosort --json');
  expect(document.services[0].servers.map(({ address }: { address: string }) => address)).toEqual([
    '10.0.0.17',
    '10.0.0.18',
  ]);
  expect(document.services[0].address).toBe('192.0.2.10');
});

test.each([['--stats'], ['--rate'], ['-n --exact'], ['--thresholds'], ['--tun-info']])(
  'options that select columns have no effect: %s',
  async (options) => {
    expect(await listed(`-L --json ${options}`)).toEqual(await listed('-L --json'));
  },
);

test('one service', async () => {
  const { document } = await listed('-L --json -f 7 -6');
  expect(document.services).toMatchObject([{ fwmark: 7, family: 'ipv6', persistence: { timeout: 60 } }]);
});

test('timeouts and sync daemons are separate documents', async () => {
  expect((await listed('-L --timeout --json')).document).toEqual({
    format: 'ipvsadm-state',
    version: 1,
    timeouts: { tcp: 900, tcpFin: 120, udp: 300 },
  });
  const { document } = await listed('-L --daemon --json');
  expect(document.daemons).toEqual([
    {
      state: 'master',
      interface: 'lo',
      syncId: 0,
      maxLength: 1472,
      group: '224.0.0.81',
      port: 8848,
      ttl: 1,
    },
  ]);
  expect(schemaProblems(document)).toEqual([]);
});

test('connections are an object per line', async () => {
  const line = (port: string) =>
    `UDP 0A010002 ${port} 0A010064 0050 0A020003 1F90 ESTABLISHED     899 sip x@y\n`;
  const { stdout, status } = await program().run('-L -c --json', {
    files: { '/proc/net/ip_vs_conn': `titles\n${line('9C41')}${line('9C42')}` },
  });
  const connections = stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect({ status, ports: connections.map(({ client }) => client.port) }).toEqual({
    status: 0,
    ports: [40001, 40002],
  });
  for (const connection of connections) expect(connectionSchema.safeParse(connection).success).toBe(true);
});

test.each([
  ['a service that does not exist', '-L --json -f 9', 'No such service\n', 1],
  ['another command', '-Z --json', "Illegal 'json' option with the 'zero' command\n", 2],
])('%s is an error as without --json', async (_name, line, stderr, status) => {
  expect(await program().run(line)).toEqual({ stdout: '', stderr, status });
});
