/**
 * A director with nothing but its engine of failover, for tests in namespaces:
 *
 *   director.js JSON
 *
 * Prints `role ROLE reason`, `alarm NAME text` and so on, each behind the time since the machine's start
 * in milliseconds. SIGUSR1: resign; SIGUSR2: end without handing over; SIGTERM: hand over and end;
 * SIGHUP: not fit any more, or fit again.
 */

import { RealKeepalivedHost } from '../../../src/daemon/ha/keepalived-host';
import { NodeHaWorld } from '../../../src/daemon/ha/world';
import { reopening } from '../../../src/daemon/reopening';
import { openNodeTransport } from '../../../src/engines/node/transport';
import { keepalivedEngine } from '../../../src/ha/keepalived/engine';
import { foreignKeepalived } from '../../../src/ha/keepalived/foreign';
import type { NewEngine } from '../../../src/ha/types';
import { NETLINK_ROUTE } from '../../../src/host/attributes';
import { HostClient } from '../../../src/host/client';
import type { KeepalivedSettings } from '../../../src/model/ha';
import { parseVip } from '../../../src/setup/director';

export interface TestDirector {
  readonly name: string;
  readonly interface: string;
  readonly vips: readonly string[];
  readonly directory: string;
  readonly preempt?: boolean;
  readonly engine: KeepalivedSettings;
  readonly keepalived: string;
  readonly helper: string;
}

const director = JSON.parse(process.argv[2]!) as TestDirector;
const host = new HostClient(reopening(() => openNodeTransport(NETLINK_ROUTE)));
const helpers = [director.helper];
const say = (...words: readonly string[]) => console.log(`${Math.round(world.now())} ${words.join(' ')}`);
const world = new NodeHaWorld({
  host,
  interface: director.interface,
  vips: director.vips.map((vip) => parseVip(vip)!),
  stateFile: `${director.directory}/role`,
  helped: (problem) => {
    if (problem !== undefined) say('helper', problem);
  },
  helpers,
});

function newEngine(): NewEngine {
  const { name, engine, preempt = false, vips, directory } = director;
  const keepalivedHost = new RealKeepalivedHost({
    host,
    interface: director.interface,
    vips: vips.map((vip) => parseVip(vip)!.address),
    directory,
    programs: [director.keepalived],
    helpers,
  });
  const { fifo, instance } = engine;
  if (fifo !== undefined) {
    return foreignKeepalived({ settings: engine, name, fifo, instance }, keepalivedHost);
  }
  return keepalivedEngine({ settings: engine, name, interface: director.interface, preempt }, keepalivedHost);
}

const engine = newEngine()(world, {
  role: (role, reason) => say('role', role, reason),
  alarm: (name, text) => say('alarm', name, text ?? 'is over'),
});
engine.start();
let fit = true;
process.on('SIGUSR1', () => {
  void engine.resign().then((outcome) => say('resign', outcome.ok ? outcome.text : outcome.problem));
});
process.on('SIGHUP', () => {
  fit = !fit;
  engine.setFitness(fit ? undefined : 'a critical service is down');
});
for (const [signal, handOver] of [
  ['SIGTERM', true],
  ['SIGUSR2', false],
] as const) {
  process.on(signal, () => {
    void engine.stop({ handOver }).then(() => {
      say('stopped');
      process.exit();
    });
  });
}
