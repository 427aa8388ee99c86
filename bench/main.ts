/**
 * `npm run bench -- [--backend uml|qemu|host] [--scale N] [--only REGEXP] [--write] [--before DIR]`
 *
 * Compares our programs with the C program and other peers, in the lab and in alternation. --write
 * stores the figures in docs/. --before compares them with those of another
 * checkout, which must be built.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BackendName, openLab } from '../test/lab';
import { available, findPeers } from './peers';
import {
  beforeHead,
  beforeLines,
  nativeHead,
  nativeLine,
  peerHead,
  peerLines,
  plot,
  type Row,
  rowOf,
  tableHead,
  tableLine,
} from './report';
import { samplesOf, scriptOf } from './script';
import { docs, replaceSection } from './section';
import { againstBefore, workloads } from './workloads';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string' },
      scale: { type: 'string', default: '1' },
      only: { type: 'string', default: '.' },
      write: { type: 'boolean', default: false },
      before: { type: 'string' },
    },
  });
  const selected = workloads(Number(values.scale)).filter(({ name }) => new RegExp(values.only).test(name));
  const { env, directories, close } = await findPeers(selected, values.before);
  const lab = await openLab({
    ...(values.backend ? { backend: values.backend as BackendName } : {}),
    directories,
  });
  const rows: Row[] = [];
  try {
    console.log(values.before ? beforeHead : tableHead);
    for (const workload of selected) {
      const measured = available(values.before ? againstBefore(workload) : workload, env);
      if (measured.programs.length === 0) continue;
      const { stdout } = await lab.run({ script: scriptOf(measured), env, timeoutSeconds: 1200 });
      const row = rowOf(measured.name, samplesOf(measured, stdout.toString()));
      rows.push(row);
      console.log(values.before ? beforeLines(row) : tableLine(row));
    }
  } finally {
    await lab.close();
    close();
  }
  const where = `${lab.backend}, Linux ${lab.kernel}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  if (values.before) {
    console.log(`\n${where}; medians`);
    return;
  }
  const native = `${nativeHead}\n${rows.map(nativeLine).join('')}`;
  const others = `${peerHead}\n${rows.map(peerLines).join('')}`;
  console.log(`\n${native}\n${others}\n${where}; medians`);
  if (!values.write) return;
  writeFileSync(
    join(docs, `benchmarks-${lab.backend}.json`),
    `${JSON.stringify({ where, rows }, undefined, 1)}\n`,
  );
  if (lab.backend === 'uml') writeFileSync(join(docs, 'benchmarks.svg'), plot(rows));
  replaceSection(`${lab.backend}-native`, `${where}; medians\n\n${native.trimEnd()}`);
  replaceSection(`${lab.backend}-peers`, `${where}; medians\n\n${others.trimEnd()}`);
  replaceSection(lab.backend, `${where}; medians\n\n${tableHead}\n${rows.map(tableLine).join('\n')}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
