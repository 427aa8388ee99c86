/**
 * `npm run bench -- [--backend uml|qemu|host] [--scale N] [--only REGEXP] [--write]`
 *
 * Compares our programs with the C program, in the lab and in alternation. --write stores the
 * figures in docs/.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nativeProgram } from '../scripts/native/build';
import { type BackendName, openLab } from '../test/lab';
import { nativeHead, nativeLine, plot, type Row, rowOf, tableHead, tableLine } from './report';
import { samplesOf, scriptOf } from './script';
import { workloads } from './workloads';

const docs = join(__dirname, '../docs');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string' },
      scale: { type: 'string', default: '1' },
      only: { type: 'string', default: '.' },
      write: { type: 'boolean', default: false },
    },
  });
  const lab = await openLab(values.backend ? { backend: values.backend as BackendName } : {});
  const rows: Row[] = [];
  try {
    console.log(tableHead);
    for (const workload of workloads(Number(values.scale)).filter(({ name }) =>
      new RegExp(values.only).test(name),
    )) {
      const env = { IPVSADM_NATIVE: nativeProgram };
      const { stdout } = await lab.run({ script: scriptOf(workload), env, timeoutSeconds: 1200 });
      const row = rowOf(workload.name, samplesOf(workload, stdout.toString()));
      rows.push(row);
      console.log(tableLine(row));
    }
  } finally {
    await lab.close();
  }
  const where = `${lab.backend}, Linux ${lab.kernel}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  const native = `${nativeHead}\n${rows.map(nativeLine).join('')}`;
  console.log(`\n${native}\n${where}; medians`);
  if (!values.write) return;
  writeFileSync(
    join(docs, `benchmarks-${lab.backend}.json`),
    `${JSON.stringify({ where, rows }, undefined, 1)}\n`,
  );
  if (lab.backend === 'uml') writeFileSync(join(docs, 'benchmarks.svg'), plot(rows));
  replaceSection(`${lab.backend}-native`, `${where}; medians\n\n${native.trimEnd()}`);
  replaceSection(lab.backend, `${where}; medians\n\n${tableHead}\n${rows.map(tableLine).join('\n')}`);
}

/** Replaces the text between the markers of a section in docs/benchmarks.md. */
function replaceSection(name: string, text: string): void {
  const file = join(docs, 'benchmarks.md');
  const page = readFileSync(file, 'utf8');
  const markers = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
  if (!markers.test(page)) throw new Error(`${file}: no section '${name}'`);
  writeFileSync(file, page.replace(markers, `$1\n\n${text}\n\n$2`));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
