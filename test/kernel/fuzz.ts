/**
 * `npm run fuzz -- [--lines N] [--seed S] [--backend uml|qemu|host]`: the differential run, of any
 * length.
 */
import { parseArgs } from 'node:util';
import { type BackendName, openLab } from '../lab';
import { buildDriver } from './driver/job';
import { fuzz } from './fuzz-run';

const usage = 'npm run fuzz -- [--lines N] [--seed N] [--backend uml|qemu|host]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '2000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      backend: { type: 'string' },
    },
  });
  for (const name of ['lines', 'seed'] as const) {
    if (!/^[0-9]{1,9}$/.test(values[name])) throw new Error(`--${name} must be a number: ${usage}`);
  }
  await buildDriver();
  const lab = await openLab(values.backend ? { backend: values.backend as BackendName } : {});
  try {
    console.log(`fuzz: ${lab.backend}, Linux ${lab.kernel}, seed ${values.seed}`);
    const started = Date.now();
    const report = await fuzz(lab, Number(values.lines), Number(values.seed), ({ lines, sequences }) => {
      if (sequences % 10 === 0)
        console.log(`fuzz: ${lines} lines, ${Math.round((Date.now() - started) / 1000)} s`);
    });
    console.log(
      `fuzz: ${report.lines} lines in ${report.sequences} sequences without a difference; exit statuses ${JSON.stringify(report.statuses)}`,
    );
  } finally {
    await lab.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  if (error.cause instanceof Error) console.error(error.cause.message);
  process.exitCode = 1;
});
