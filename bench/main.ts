/**
 * `npm run bench -- [--backend uml|qemu|host] [--scale N] [--only REGEXP] [--write] [--before DIR]`
 *
 * Compares our programs with the C program, in the lab and in alternation. --write stores the
 * figures in docs/. --before compares them with those of another checkout, which must be built.
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nativeProgram } from '../scripts/native/build';
import { type BackendName, openLab } from '../test/lab';
import { keepalivedProgram } from '../test/lab/keepalived';
import { installPackage } from './npm';
import {
  beforeHead,
  beforeLines,
  nativeHead,
  nativeLine,
  npmHead,
  npmLine,
  plot,
  type Row,
  rowOf,
  tableHead,
  tableLine,
} from './report';
import { samplesOf, scriptOf } from './script';
import { againstBefore, workloads } from './workloads';

const docs = join(__dirname, '../docs');

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
  const lab = await openLab({
    ...(values.backend ? { backend: values.backend as BackendName } : {}),
    ...(values.before ? { directories: [realpathSync(values.before)] } : {}),
  });
  const before = resolve(values.before ?? '.');
  const selected = workloads(Number(values.scale)).filter(({ name }) => new RegExp(values.only).test(name));
  const needsPackage = !values.before && selected.some(({ programs }) => programs.includes('npm'));
  const installed = needsPackage ? await installPackage() : undefined;
  const rows: Row[] = [];
  try {
    console.log(values.before ? beforeHead : tableHead);
    for (const workload of selected) {
      const env = {
        IPVSADM_NATIVE: nativeProgram,
        ...installed?.variables,
        IPVSADM_BEFORE: before,
        IPVSADM_NODE_BEFORE: nodeProgramOf(before),
        KEEPALIVED: workload.keepalived ? await keepalivedProgram() : '',
      };
      const measured = values.before ? againstBefore(workload) : workload;
      if (measured.programs.length === 0) continue;
      const { stdout } = await lab.run({ script: scriptOf(measured), env, timeoutSeconds: 1200 });
      const row = rowOf(measured.name, samplesOf(measured, stdout.toString()));
      rows.push(row);
      console.log(values.before ? beforeLines(row) : tableLine(row));
    }
  } finally {
    installed?.remove();
    await lab.close();
  }
  const where = `${lab.backend}, Linux ${lab.kernel}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  if (values.before) {
    console.log(`\n${where}; medians`);
    return;
  }
  const native = `${nativeHead}\n${rows.map(nativeLine).join('')}`;
  console.log(`\n${native}\n${npmHead}\n${rows.map(npmLine).join('')}\n${where}; medians`);
  if (!values.write) return;
  writeFileSync(
    join(docs, `benchmarks-${lab.backend}.json`),
    `${JSON.stringify({ where, rows }, undefined, 1)}\n`,
  );
  if (lab.backend === 'uml') writeFileSync(join(docs, 'benchmarks.svg'), plot(rows));
  replaceSection(`${lab.backend}-native`, `${where}; medians\n\n${native.trimEnd()}`);
  replaceSection(lab.backend, `${where}; medians\n\n${tableHead}\n${rows.map(tableLine).join('\n')}`);
}

/** The launcher of Node alone in a checkout: bin/ipvsadm until 0.2.0. */
function nodeProgramOf(checkout: string): string {
  const launchers = ['bin/ipvsadm-node', 'bin/ipvsadm'].map((name) => join(checkout, name));
  return launchers.find((file) => existsSync(file)) ?? launchers[0]!;
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
