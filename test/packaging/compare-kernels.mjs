// Makes the same changes through the library on the kernel of this machine and on the fake one, and
// prints what each answered: for library.kernel-test.ts.
import {
  AF_INET6,
  addressService,
  forwardingMethods,
  fwmarkService,
  IpvsClient,
  realServer,
  virtualService,
} from 'ipvsadm';
import { FakeKernel } from 'ipvsadm/testing';

const { masquerading, tunneling } = forwardingMethods;
const web = addressService('tcp', '192.0.2.10', 80);
const dns = addressService('udp', '2001:db8::10', 53);
const mark = fwmarkService(7, AF_INET6);
const missing = addressService('sctp', '192.0.2.11', 80);
const first = realServer('10.0.0.17', 8080, { forwarding: masquerading });
const gue = (port) => ({ forwarding: tunneling, tunnel: { type: 1, port, flags: 0 } });
const master = { state: 1, interface: 'lo', syncId: 3 };
const backup = { state: 2, interface: 'lo', syncId: 4, maxLength: 1 };

/** Each makes a change, or asks. */
const steps = {
  'add web': (ipvs) => ipvs.addService(virtualService(web, { scheduler: 'rr', timeout: 60 })),
  'add web again': (ipvs) => ipvs.addService(virtualService(web)),
  'add dns': (ipvs) => ipvs.addService(virtualService(dns, { flags: 4, netmask: 64 })),
  'add a mark': (ipvs) => ipvs.addService(virtualService(mark, { scheduler: 'sh', flags: 0x10 })),
  'no such scheduler': (ipvs) => ipvs.addService(virtualService(missing, { scheduler: 'nowhere' })),
  'no such engine': (ipvs) => ipvs.addService(virtualService(missing, { persistenceEngine: 'nowhere' })),
  'a prefix of 0': (ipvs) => ipvs.addService(virtualService(fwmarkService(8, AF_INET6), { netmask: 0 })),
  'edit web': (ipvs) => ipvs.editService(virtualService(web, { scheduler: 'wlc' })),
  'edit what is missing': (ipvs) => ipvs.editService(virtualService(missing)),
  'edit to no such scheduler': (ipvs) => ipvs.editService(virtualService(web, { scheduler: 'nowhere' })),
  'delete what is missing': (ipvs) => ipvs.deleteService(missing),
  'add a server': (ipvs) => ipvs.addServer(web, first),
  'add it again': (ipvs) => ipvs.addServer(web, first),
  'add a second': (ipvs) =>
    ipvs.addServer(web, realServer('10.0.0.18', 8080, { weight: 9, upperThreshold: 5 })),
  'add to what is missing': (ipvs) => ipvs.addServer(missing, first),
  'add of IPv6': (ipvs) => ipvs.addServer(dns, realServer('2001:db8::17', 53)),
  'add a multicast server': (ipvs) => ipvs.addServer(web, realServer('224.0.0.1', 80)),
  'add a broadcast server': (ipvs) => ipvs.addServer(web, realServer('255.255.255.255', 80)),
  'add an unspecified server': (ipvs) => ipvs.addServer(web, realServer('0.0.0.0', 80)),
  'add a multicast server of IPv6': (ipvs) => ipvs.addServer(dns, realServer('ff02::1', 80)),
  'add with thresholds the wrong way': (ipvs) =>
    ipvs.addServer(web, realServer('10.0.0.19', 80, { lowerThreshold: 2, upperThreshold: 1 })),
  'add of the other family': (ipvs) => ipvs.addServer(web, realServer('2001:db8::17', 80)),
  'add of the other family by tunnel': (ipvs) =>
    ipvs.addServer(web, realServer('2001:db8::17', 80, { forwarding: tunneling })),
  'start a daemon beside it': (ipvs) => ipvs.startDaemon(master),
  'delete it': (ipvs) => ipvs.deleteServer(web, realServer('2001:db8::17', 80)),
  'add by gue': (ipvs) => ipvs.addServer(mark, realServer('2001:db8::18', 0, gue(6080))),
  'add by gue without a port': (ipvs) => ipvs.addServer(mark, realServer('2001:db8::19', 0, gue(0))),
  'edit a server': (ipvs) => ipvs.editServer(web, { ...first, weight: 0 }),
  'edit a server that is missing': (ipvs) => ipvs.editServer(web, realServer('10.0.0.20', 80)),
  'edit a server of what is missing': (ipvs) => ipvs.editServer(missing, first),
  'edit thresholds the wrong way': (ipvs) => ipvs.editServer(web, { ...first, lowerThreshold: 1 }),
  'delete a server that is missing': (ipvs) => ipvs.deleteServer(web, realServer('10.0.0.20', 80)),
  'list the servers': (ipvs) => ipvs.servers(web),
  'list the servers of what is missing': (ipvs) => ipvs.servers(missing),
  'ask for what is missing': (ipvs) => ipvs.service(missing),
  'set timeouts': (ipvs) => ipvs.setTimeouts({ tcp: 100, tcpFin: 0, udp: 30 }),
  'set a timeout too long': (ipvs) => ipvs.setTimeouts({ tcp: 4294967295, tcpFin: 1, udp: 1 }),
  'list timeouts': (ipvs) => ipvs.timeouts(),
  'zero what is missing': (ipvs) => ipvs.zero(missing),
  'zero a service': (ipvs) => ipvs.zero(web),
  'zero all': (ipvs) => ipvs.zero(),
  'start a master': (ipvs) => ipvs.startDaemon(master),
  'start it again': (ipvs) => ipvs.startDaemon(master),
  'start a backup': (ipvs) => ipvs.startDaemon(backup),
  'start on no such interface': (ipvs) => ipvs.startDaemon({ ...master, interface: 'nowhere0' }),
  'add of the other family beside daemons': (ipvs) =>
    ipvs.addServer(web, realServer('2001:db8::17', 80, { forwarding: tunneling })),
  'list daemons': (ipvs) => ipvs.daemons(),
  'stop the master': (ipvs) => ipvs.stopDaemon(1),
  'stop it again': (ipvs) => ipvs.stopDaemon(1),
  'the table': (ipvs) => ipvs.table(),
  'delete web': (ipvs) => ipvs.deleteService(web),
  'the servers of web': (ipvs) => ipvs.servers(web),
  'delete all': (ipvs) => ipvs.flush(),
  'the empty table': (ipvs) => ipvs.table(),
};

function answers(ipvs) {
  return Object.entries(steps).map(([step, make]) => {
    try {
      return { step, result: make(ipvs) ?? 'done' };
    } catch ({ code, operation, message }) {
      return { step, code: code ?? message, operation };
    }
  });
}

const plain = (_name, value) =>
  typeof value === 'bigint' ? String(value) : value instanceof Map ? [...value] : value;
const fake = answers(new IpvsClient(new FakeKernel().open()));
const real = answers(IpvsClient.open());
console.log(JSON.stringify({ real, fake }, plain));
