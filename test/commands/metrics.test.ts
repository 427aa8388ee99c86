/** `metrics` where no daemon has been started: those of the table. */
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const table = [
  '-A -t 192.0.2.10:80 -s wrr',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3',
  '-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 4',
  '-A -f 7',
].join('\n');

async function metrics(line: string) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: table, openTransport }, main);
  return await runIn({ args: ['metrics', ...line.split(' ').filter(Boolean)], openTransport }, runSubcommand);
}

const SERVICE = 'service="tcp:192.0.2.10:80",protocol="tcp",address="192.0.2.10",port="80"';

test('each server has its samples', async () => {
  const { status, stdout, stderr } = await metrics('');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('ipvs_server_weight'))).toEqual([
    // In the kernel's order.
    `ipvs_server_weight{${SERVICE},server="10.0.0.18:8080"} 4`,
    `ipvs_server_weight{${SERVICE},server="10.0.0.17:8080"} 3`,
  ]);
  expect(lines).toContain('ipvs_service_connections_total{service="fwmark:7",mark="7"} 0');
  expect(stdout).not.toMatch(/^lvs_/m);
});

test('the servers of a service are summed', async () => {
  const { stdout } = await metrics('--by service');
  expect(stdout.split('\n').filter((line) => line.startsWith('ipvs_server_weight'))).toEqual([
    `ipvs_server_weight{${SERVICE}} 7`,
  ]);
});

test('OpenMetrics ends with its end', async () => {
  expect((await metrics('--format openmetrics')).stdout).toMatch(/\n# EOF\n$/);
});
