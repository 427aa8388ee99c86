/**
 * Holds VIPs for 3 s, each second, until it is ended: holder.js HELPER INTERFACE VIP... SIGUSR1: announces
 * them. SIGUSR2: prints who else answers for them. SIGTERM: releases them.
 */
import { NodeHaWorld } from '../../../src/daemon/ha/world';
import { openNodeTransport } from '../../../src/engines/node/transport';
import { NETLINK_ROUTE } from '../../../src/host/attributes';
import { HostClient } from '../../../src/host/client';
import { parseVip } from '../../../src/setup/director';

const [helper = '', link = '', ...vips] = process.argv.slice(2);
const { vips: holder } = new NodeHaWorld({
  host: new HostClient(openNodeTransport(NETLINK_ROUTE)),
  interface: link,
  vips: vips.map((vip) => parseVip(vip)!),
  stateFile: '/tmp/state',
  helped: (problem) => {
    if (problem !== undefined) console.log(problem);
  },
  helpers: [helper],
});

holder.hold(3);
setInterval(() => holder.hold(3), 1000);
console.log(`held ${holder.held()}`);
process.on('SIGUSR1', () => void holder.announce().then(() => console.log('announced')));
process.on('SIGUSR2', () => {
  void holder.rivals().then((rivals) => {
    const texts = rivals.map(({ vip, mac }) => `${vip} ${mac}`);
    console.log(`rivals: ${[...texts].sort().join(', ') || 'none'}`);
  });
});
process.on('SIGTERM', () => {
  holder.release();
  holder.release();
  console.log(`held ${holder.held()}`);
  process.exit();
});
