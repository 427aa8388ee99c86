/**
 * The choice that what-if computes, and the one that the kernel makes: a thousand connections for each
 * hashing scheduler and each of its flags.
 */
import { join } from 'node:path';
import { parseAddress } from '../../../src/model/address';
import { schedulerFlagBits } from '../../../src/model/scheduler-flags';
import { predictors } from '../../../src/prediction';
import type { Candidate } from '../../../src/prediction/types';
import { connectLab } from '../../lab/client';

const lab = connectLab();
const caller = join(__dirname, '../traffic/calls.js');

const VIP = '10.0.0.13';
const CALLS = 1000;

/** Clients spread over a /16, each with a port of its own. */
const calls = Array.from({ length: CALLS }, (_, index) => {
  const number = (index * 61) % 65_536;
  return { address: `10.9.${number >> 8}.${number & 255}`, port: 20_000 + index };
});

/** In the order in which they are added; one of weight 0 shows what fallback does. */
const servers = [
  ['127.0.0.1', 3],
  ['127.0.0.2', 1],
  ['127.0.0.3', 0],
  ['127.0.0.4', 2],
] as const;

const cases = [
  ['sh', []],
  ['sh', ['sh-port']],
  ['sh', ['sh-fallback']],
  ['sh', ['sh-fallback', 'sh-port']],
  ['mh', []],
  ['mh', ['mh-port']],
  ['mh', ['mh-fallback']],
  ['mh', ['mh-fallback', 'mh-port']],
  ['dh', []],
] as const;

/** The kernel's order is the newest first. The weight of the third was 5 once: mh remembers it. */
const candidates = [...servers].reverse().map(
  ([address, weight]): Candidate => ({
    name: `${address}:80`,
    address: parseAddress(address)!,
    port: 80,
    weight,
    lastWeight: weight === 0 ? 5 : undefined,
    overloaded: false,
  }),
);

function script(scheduler: string, flags: readonly string[]): string {
  const option = flags.length > 0 ? ` -b ${flags.join()}` : '';
  return `
ip link set lo up; ip addr add ${VIP}/32 dev lo; ip route add local 10.9.0.0/16 dev lo
"$IPVSADM_C" -A -t ${VIP}:80 -s ${scheduler}${option}
${servers.map(([address, weight]) => `"$IPVSADM_C" -a -t ${VIP}:80 -r ${address}:80 -g -w ${weight || 5}`).join('\n')}
"$IPVSADM_C" -e -t ${VIP}:80 -r 127.0.0.3:80 -g -w 0
node ${caller} ${VIP} 80 <calls`;
}

test.each(cases)(
  '%s %j: all of the kernel’s choices are foretold',
  async (scheduler, flags) => {
    const lines = calls.map(({ address, port }) => `${address} ${port}\n`).join('');
    const { stdout, stderr } = await lab.run({
      script: `cat >calls <<'END'\n${lines}END\n${script(scheduler, flags)}`,
      timeoutSeconds: 120,
    });
    expect(stderr.toString()).toBe('');
    const bits = schedulerFlagBits(scheduler);
    const has = (name: string) => (flags as readonly string[]).some((flag) => flag === name && flag in bits);
    const choose = predictors.get(scheduler)!(candidates, {
      withPort: has(`${scheduler}-port`),
      fallback: has(`${scheduler}-fallback`),
    });
    const destination = parseAddress(VIP)!;
    const foretold = calls.map(({ address, port }) => {
      const server = choose({ source: parseAddress(address)!, port, destination });
      return `${address} ${port} ${server?.name ?? '-'}`;
    });
    expect(stdout.toString().trim().split('\n')).toEqual(foretold);
  },
  130_000,
);
