/**
 * `npm run bench:files -- [RUNS]`: reads 100,000 real servers in each format, and 8,000 YAML aliases, in
 * turn. Times are those of the processor; GNU time measures them and the peak memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { keepalivedConf, rules } from './tables';

const program = join(__dirname, '../bin/ipvsadm-node');
const shape = { services: 1000, servers: 100 };
const RUNS = Number(process.argv[2] ?? 3);

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

function measure(args: readonly string[]): Measured & { output: string } {
  const { stderr, stdout, status } = spawnSync('time', ['-f', '%U %S %M', program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const [user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  if (status !== 0) throw new Error(`ipvsadm ${args.join(' ')}: ${stderr}`);
  return { seconds: user! + system!, megabytes: kilobytes! / 1024, output: stdout };
}

function median(runs: readonly Measured[]): Measured {
  const of = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
  return {
    seconds: of(runs.map(({ seconds }) => seconds)),
    megabytes: of(runs.map(({ megabytes }) => megabytes)),
  };
}

/** 8,000 services that share a list of ten servers. */
function aliases(): string {
  const servers = Array.from({ length: 10 }, (_, index) => `{address: 10.0.0.${index}}`).join(', ');
  const services = Array.from(
    { length: 8000 },
    (_, index) => `- {fwmark: ${index + 1}, servers: ${index === 0 ? `&all [${servers}]` : '*all'}}\n`,
  );
  return `format: ipvsadm-state\nversion: 1\nservices:\n${services.join('')}`;
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-bench-'));
  try {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const source = file('table.rules', rules(shape));
    const converted = (to: string) => measure(['convert', source, '--to', to]).output;
    const json = converted('json');
    const works = [
      { work: 'JSON', args: [file('table.json', json)] },
      { work: 'YAML', args: [file('table.yaml', stringify(JSON.parse(json)))] },
      { work: 'rules', args: [source] },
      { work: 'keepalived.conf', args: [file('keepalived.conf', converted('keepalived'))] },
      ...(['TCP_CHECK', 'HTTP_GET'] as const).map((name) => ({
        work: `keepalived.conf, ${name}`,
        args: [file(`keepalived-${name}.conf`, keepalivedConf(shape, name))],
      })),
      { work: 'ldirectord.cf', args: [file('table.cf', converted('ldirectord'))] },
      { work: '8,000 aliases, YAML', args: [file('aliases.yaml', aliases())] },
      { work: 'two lines of rules', args: [file('small.rules', '-A -f 1\n-a -f 1 -r 10.0.0.1\n')] },
    ].map(({ work, args }) => ({ work, args: ['restore', '--check', '--no-trial', ...args] }));
    const runs = new Map<string, Measured[]>(works.map(({ work }) => [work, []]));
    for (let run = 0; run < RUNS; run++) {
      for (const { work, args } of works) runs.get(work)!.push(measure(args));
    }
    const results = new Map(Array.from(runs, ([work, own]) => [work, median(own)]));
    const ofJson = results.get('JSON')!;
    const small = results.get('two lines of rules')!;
    const servers = shape.services * shape.servers;
    console.log('| file | seconds | ÷ JSON | MB | KB a server |\n| --- | --: | --: | --: | --: |');
    for (const [work, { seconds, megabytes }] of results) {
      const each =
        work === '8,000 aliases, YAML' || work === 'two lines of rules'
          ? ''
          : (((megabytes - small.megabytes) * 1024) / servers).toFixed(2);
      console.log(
        `| ${[work, seconds.toFixed(2), (seconds / ofJson.seconds).toFixed(2), megabytes.toFixed(0), each].join(' | ')} |`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main();
