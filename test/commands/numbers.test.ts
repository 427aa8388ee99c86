/** Subcommands print numbers and ask no name server, unless --resolve is given. */
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const rules = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.17:443 -m\n';
const connections = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP C0000207 8080 C000020A 0050 0A000011 01BB ESTABLISHED     899
`;

async function run(line: string) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  const asked: string[] = [];
  const world = {
    args: line.split(' '),
    openTransport,
    hosts: '192.0.2.10 www.example.org\n10.0.0.17 web1.example.org\n',
    files: { '/proc/net/ip_vs_conn': connections },
  };
  const outcome = await runIn(world, (system) =>
    runSubcommand({
      ...system,
      nameOfAddress: async (address) => {
        asked.push(address.join('.'));
        return await system.nameOfAddress(address);
      },
      serviceOfPort: (port, protocol) => {
        asked.push(String(port));
        return system.serviceOfPort(port, protocol);
      },
    }),
  );
  return { ...outcome, asked };
}

test.each([
  'list',
  'list --pretty',
  'list --connection',
  'list --stats',
  'list --json',
  'list -t 192.0.2.10:80',
  'save',
  'save -n',
  'list --numeric',
  'list --service 192.0.2.10',
  'list --pretty --sort weight',
  'service show 192.0.2.10:80',
  'server list',
])('%s asks for no name', async (line) => {
  const { stdout, stderr, status, asked } = await run(line);
  expect({ stderr, status, asked }).toEqual({ stderr: '', status: 0, asked: [] });
  expect(stdout).toMatch(/192\.0\.2\.10/);
  expect(stdout).not.toMatch(/example|http/);
});

test.each([
  'list',
  'list --pretty',
  'list --connection',
  'list -t 192.0.2.10:80',
  'save',
  'list --sort weight',
  'service show 192.0.2.10:80',
  'server list',
])('%s --resolve prints names', async (line) => {
  const { stdout, stderr, status } = await run(`${line} --resolve`);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/www\.exam/);
  expect(stdout).toMatch(/https/);
});
