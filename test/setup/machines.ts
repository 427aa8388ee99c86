/** Machines and steps for the tests of set-ups. */
import { stepsBeforeTable, vipSteps } from '../../src/setup/director';
import { type RealServerOptions, realServerSteps } from '../../src/setup/realserver';
import type { Step } from '../../src/setup/step';
import { FakeMachine } from '../helpers/fake-machine';

const sysctls: Readonly<Record<string, string>> = {
  'net/ipv4/ip_forward': '0',
  'net/ipv6/conf/all/forwarding': '0',
  'net/ipv4/vs/expire_nodest_conn': '0',
  'net/ipv4/vs/expire_quiescent_template': '0',
  'net/ipv4/vs/conn_reuse_mode': '1',
  'net/ipv4/vs/conntrack': '0',
};

/** A machine with eth0, and the settings of the interfaces and tunnels that steps may name. */
export function freshMachine(): FakeMachine {
  const machine = new FakeMachine();
  machine.sysctls = new Map(Object.entries(sysctls));
  for (const link of ['all', 'lo', 'eth0', 'lvs-ipip', 'lvs-sit', 'lvs-gre']) {
    machine.sysctls.set(`net/ipv4/conf/${link}/arp_ignore`, '0');
    machine.sysctls.set(`net/ipv4/conf/${link}/arp_announce`, '0');
    machine.sysctls.set(`net/ipv4/conf/${link}/rp_filter`, '1');
  }
  return machine;
}

export const realServer: RealServerOptions = {
  vips: ['192.0.2.10'],
  method: 'direct',
  interfaces: ['eth0'],
  port: 6080,
  checksum: false,
};

/** Every kind of set-up by name. */
export const setups: { readonly [name: string]: readonly Step[] } = {
  'a real server of direct routing': realServerSteps({ ...realServer, vips: ['192.0.2.10', '2001:db8::10'] }),
  'a real server of IP in IP': realServerSteps({
    ...realServer,
    vips: ['192.0.2.10', '2001:db8::10'],
    method: 'tunnel',
    local: '10.0.0.17',
  }),
  'a real server of GUE': realServerSteps({ ...realServer, method: 'gue', local: '10.0.0.17' }),
  'a real server of GRE': realServerSteps({
    ...realServer,
    method: 'gre',
    local: '10.0.0.17',
    remote: '10.0.0.1',
    checksum: true,
  }),
  'a real server of IP in IPv6': realServerSteps({
    ...realServer,
    vips: ['2001:db8::10'],
    method: 'gue',
    local: '2001:db8::17',
  }),
  'a director': [
    ...stepsBeforeTable({
      interface: 'eth0',
      vips: [],
      forwarding: { ipv4: true, ipv6: true },
      sourceNat: [
        { protocol: 'tcp', address: '10.0.0.17', port: 80 },
        { protocol: 'udp', address: '2001:db8::17', port: 53 },
      ],
      kernel: '5.8.0',
    }),
    ...vipSteps({ interface: 'eth0', vips: [{ address: '192.0.2.10', prefix: 32 }] }),
  ],
};
