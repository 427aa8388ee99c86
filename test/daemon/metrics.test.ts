/** The metrics of a simulated director, and what Prometheus says of them. */
import { spawnSync } from 'node:child_process';
import { CheckCounts } from '../../src/daemon/check-counts';
import { exposition, type Metric, type MetricFormat } from '../../src/daemon/exposition';
import { wholeHealth } from '../../src/daemon/in-turns';
import { readLiveTable } from '../../src/daemon/live-table';
import { type MetricsBy, metricsOf } from '../../src/daemon/metrics';
import {
  configurationOf,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { promtool } from '../lab/promtool';

const web = configurationOf([directorService('web', someServers(3))]);

async function metrics(by: MetricsBy, format: MetricFormat): Promise<string> {
  const machine = new SimulatedMachine();
  const { director } = machine.start(web);
  await machine.clock.run(10_000);
  machine.behaviours.set('10.0.0.2', 'refused');
  await machine.clock.run(10_000);
  const counts = new CheckCounts();
  const [service] = web.services;
  const result = { ok: true, stage: 'connect', duration: 1, message: '' } as const;
  for (const server of service!.servers) {
    for (const check of server.checks) counts.count(check, { service: service!, server }, result);
  }
  const health = await wholeHealth(director);
  const table = await readLiveTable(machine.other);
  const told = metricsOf({ status: director.status(), health, table, counts }, by);
  return [...exposition(told, format)].join('');
}

const lines = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(`${name}{`));

test('a series for each server', async () => {
  const text = await metrics('server', 'prometheus');
  expect(lines(text, 'lvs_server_up')).toEqual([
    'lvs_server_up{service="web",server="10.0.0.1"} 1',
    'lvs_server_up{service="web",server="10.0.0.2"} 0',
    'lvs_server_up{service="web",server="10.0.0.3"} 1',
  ]);
  const of = 'service="web",protocol="tcp",address="192.0.2.10",port="80"';
  expect(lines(text, 'ipvs_server_weight').sort()).toEqual([
    `ipvs_server_weight{${of},server="10.0.0.1"} 1`,
    `ipvs_server_weight{${of},server="10.0.0.2"} 0`,
    `ipvs_server_weight{${of},server="10.0.0.3"} 1`,
  ]);
  expect(lines(text, 'ipvs_service_connections_total')).toEqual([`ipvs_service_connections_total{${of}} 0`]);
});

test.each([
  ['leader', true, [1, 0, 0], [1]],
  ['standby', false, [0, 1, 0], [0]],
  ['unfit', undefined, [0, 0, 1], []],
] as const)('the role %s, and whether a VIP is there twice', (role, duplicate, ofRole, ofVip) => {
  const { director } = new SimulatedMachine().start(web);
  const status = { engine: 'keepalived', name: 'lb03', since: 0, problems: [] } as const;
  const share = { ...status, role, duplicate, vips: ['192.0.2.10'], interface: 'eth0' };
  const sources = { status: director.status(), health: [], table: [], counts: new CheckCounts() };
  const valuesOf = (all: readonly Metric[], name: string) =>
    all.filter((each) => each.name === name).flatMap(({ samples }) => [...samples].map(({ value }) => value));
  const told = metricsOf({ ...sources, share }, 'service');
  expect(valuesOf(told, 'lvs_director_role')).toEqual(ofRole);
  expect(valuesOf(told, 'lvs_duplicate_vip')).toEqual(ofVip);
  expect(valuesOf(metricsOf(sources, 'service'), 'lvs_director_role')).toEqual([]);
});

test('sums for each service', async () => {
  const text = await metrics('service', 'openmetrics');
  expect(lines(text, 'lvs_servers')).toEqual([
    'lvs_servers{service="web",state="up"} 2',
    'lvs_servers{service="web",state="down"} 1',
    'lvs_servers{service="web",state="unknown"} 0',
  ]);
  expect(lines(text, 'ipvs_server_weight')).toHaveLength(1);
  expect(lines(text, 'ipvs_server_weight')[0]).toMatch(/^\S+ 2$/);
  expect(lines(text, 'lvs_check_results_total')).toEqual([
    'lvs_check_results_total{service="web",result="success"} 3',
  ]);
  expect(text).not.toContain('server=');
  expect(text.endsWith('# EOF\n')).toBe(true);
});

test.each(['server', 'service'] as const)(
  'promtool finds nothing wrong by %s',
  async (by) => {
    const input = await metrics(by, 'prometheus');
    const { status, stdout, stderr } = spawnSync(await promtool(), ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  },
  120_000,
);
