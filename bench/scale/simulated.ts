/** An hour of simulated time, and the memory that it leaves behind: see main.ts. */
import { parseArgs } from 'node:util';
import { SimulatedScale } from '../../test/helpers/simulated-scale';

/** After so many minutes nothing grows any more. */
const EARLY = 10;
/** What V8 itself may come to keep meanwhile, such as compiled functions. */
const TOLERATED_MB = 4;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      simulated: { type: 'boolean' },
      services: { type: 'string', default: '1000' },
      servers: { type: 'string', default: '10' },
      hosts: { type: 'string', default: '2000' },
      minutes: { type: 'string', default: '60' },
    },
  });
  const { services, servers, hosts, minutes } = values;
  const simulated = new SimulatedScale({
    services: Number(services),
    servers: Number(servers),
    hosts: Number(hosts),
  });
  let early: number | undefined;
  let late = 0;
  for (let minute = 0; minute < Number(minutes); minute += EARLY) {
    const begun = performance.now();
    await simulated.run(EARLY, true);
    const took = (performance.now() - begun) / 1000;
    gc!();
    late = process.memoryUsage().heapUsed / 1e6;
    early ??= late;
    const { machine, kept, daemon } = simulated;
    console.log(
      `minute ${minute + EARLY}: heap ${late.toFixed(1)} MB, ${JSON.stringify(kept)}, ${machine.checksRun} checks, ` +
        `${daemon.director.status().changesSent} changes, ${took.toFixed(1)} s`,
    );
  }
  const grown = late - early!;
  console.log(`after ${EARLY} minutes ${early!.toFixed(1)} MB, in the end ${late.toFixed(1)} MB`);
  return grown > TOLERATED_MB ? 1 : 0;
}

void main().then((status) => {
  process.exitCode = status;
});
