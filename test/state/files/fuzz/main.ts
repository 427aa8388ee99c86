/**
 * `npm run fuzz:readers -- [--seed N] [--count N] [--format F] [--from N]`: reads random documents,
 * `count` of each format.
 */
import { parseArgs } from 'node:util';
import { fuzzedFormats } from './generate';
import { buildFuzzer, describeFault, fuzzReader } from './run';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      count: { type: 'string', default: '5000' },
      from: { type: 'string', default: '0' },
      format: { type: 'string' },
    },
  });
  for (const name of ['seed', 'count', 'from'] as const) {
    if (!/^[0-9]{1,9}$/.test(values[name]))
      throw new Error(`--${name} ${values[name]}: must be a whole number`);
  }
  const formats = fuzzedFormats.filter((format) => values.format === undefined || format === values.format);
  if (formats.length === 0)
    throw new Error(`--format ${values.format}: must be one of ${fuzzedFormats.join(', ')}`);
  const [seed, count, from] = [values.seed, values.count, values.from].map(Number) as [
    number,
    number,
    number,
  ];
  await buildFuzzer();
  console.log(`fuzz: seed ${seed}`);
  for (const format of formats) {
    const started = Date.now();
    const { documents, accepted, slowest, faults } = await fuzzReader({ format, seed, count, from });
    console.log(
      `fuzz: ${format}: ${documents} documents, ${accepted} accepted, ${faults.length} faults, slowest ${Math.round(slowest)} ms, ${Math.round((Date.now() - started) / 1000)} s`,
    );
    for (const fault of faults) console.log(describeFault({ format, seed }, fault));
    if (faults.length > 0) process.exitCode = 1;
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
