/**
 * `npm run bench -- [--backend uml|qemu|host] [--scale N] [--only REGEXP] [--write] [--before DIR]`
 *
 * Compares our programs with the C program and other peers, in the lab and in alternation. --write
 * stores the figures in docs/, where those of workloads that did not run stay. --before compares
 * them with those of another checkout, which must be built.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
import { merged, type Stored, sectionOf } from './stored';
import { againstBefore, workloads } from './workloads';

/** The sections of docs/benchmarks.md beside that of the backend, by what follows its name in theirs. */
const others = [
  ['-native', nativeHead, nativeLine],
  ['-peers', peerHead, peerLines],
] as const;
const sections = [['', tableHead, (row: Row) => `${tableLine(row)}\n`], ...others] as const;

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
  const now = { where, rows };
  for (const [, head, line] of others) console.log(`\n${sectionOf(now, head, line)}`);
  if (values.write) write(lab.backend, now);
}

/** Stores the figures, with those of former runs that this one did not measure. */
function write(backend: BackendName, now: Stored): void {
  const file = join(docs, `benchmarks-${backend}.json`);
  const former = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored) : undefined;
  const all = merged(
    former,
    now,
    workloads(1).map(({ name }) => name),
  );
  writeFileSync(file, `${JSON.stringify(all, undefined, 1)}\n`);
  if (backend === 'uml') writeFileSync(join(docs, 'benchmarks.svg'), plot(all.rows));
  for (const [name, head, line] of sections) replaceSection(`${backend}${name}`, sectionOf(all, head, line));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
