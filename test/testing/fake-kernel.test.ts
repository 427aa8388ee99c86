import { addressService, IpvsClient, NetlinkError, realServer, virtualService } from '../../src/library';
import { errno, FakeKernel, ipvsCommands } from '../../src/testing';

const web = addressService('tcp', '192.0.2.10', 80);
const server = realServer('10.0.0.17', 80);

let kernel: FakeKernel;
let ipvs: IpvsClient;
beforeEach(() => {
  kernel = new FakeKernel();
  ipvs = new IpvsClient(kernel.open());
  ipvs.addService(virtualService(web));
  ipvs.addServer(web, server);
});

test('clients of one kernel share its table', () => {
  new IpvsClient(kernel.open()).deleteService(web);
  expect(ipvs.services()).toEqual([]);
});

describe('counters', () => {
  test('are those that were set, and stay when an entry is edited', () => {
    kernel.countService(web, { statistics: { connections: 2n ** 40n } });
    kernel.countServer(web, server, { activeConnections: 7, statistics: { inBytes: 9n } });
    ipvs.editService(virtualService(web, { scheduler: 'rr' }));
    ipvs.editServer(web, { ...server, weight: 0 });
    expect(ipvs.service(web).statistics).toMatchObject({ connections: 2n ** 40n, inBytes: 0n });
    expect(ipvs.servers(web)).toMatchObject([
      { weight: 0, activeConnections: 7, inactiveConnections: 0, statistics: { inBytes: 9n } },
    ]);
  });

  test('are reset by zero, which leaves connections', () => {
    kernel.countService(web, { statistics: { connections: 5n } });
    kernel.countServer(web, server, { inactiveConnections: 2, statistics: { inBytes: 9n } });
    ipvs.zero(web);
    expect(ipvs.service(web).statistics).toMatchObject({ connections: 0n });
    expect(ipvs.servers(web)).toMatchObject([{ inactiveConnections: 2, statistics: { inBytes: 0n } }]);
  });

  test('of an entry that is not there are refused', () => {
    expect(() => kernel.countService(addressService('udp', '192.0.2.10', 80), {})).toThrow(
      new RangeError('the table has no such virtual service'),
    );
    expect(() => kernel.countServer(web, realServer('10.0.0.18', 80), {})).toThrow(
      new RangeError('the virtual service has no such real server'),
    );
  });
});

describe('failures', () => {
  test('a change can be refused', () => {
    kernel.refuse = (command) => (command === ipvsCommands.setDest ? errno.ENOMEM : 0);
    expect(() => ipvs.editServer(web, server)).toThrow(new NetlinkError(errno.ENOMEM, 'edit-server'));
    expect(() => ipvs.deleteServer(web, server)).not.toThrow();
  });

  test('without permission nothing is read', () => {
    kernel.permitted = false;
    expect(() => ipvs.services()).toThrow(new NetlinkError(errno.EPERM, 'services'));
  });

  test('replies can be lost: the client asks again, and gives up', () => {
    kernel.lostReplies = 1;
    ipvs.editServer(web, { ...server, weight: 7 });
    kernel.lostReplies = 9;
    const edit = () => ipvs.editServer(web, { ...server, weight: 8 });
    expect(edit).toThrow(expect.objectContaining({ code: 'ENOBUFS', operation: 'edit-server' }));
    kernel.lostReplies = 0;
    expect(ipvs.servers(web).map(({ weight }) => weight)).toEqual([8]);
  });

  test('the module can be missing', () => {
    kernel.familyMissing = true;
    expect(() => new IpvsClient(kernel.open())).toThrow(new NetlinkError(errno.ENOENT, 'connect'));
  });

  test('what the kernel has not is refused', () => {
    kernel.schedulers = ['rr'];
    kernel.interfaces = ['eth1'];
    expect(() => ipvs.editService(virtualService(web))).toThrow(
      new NetlinkError(errno.ENOENT, 'edit-service'),
    );
    const daemon = { state: 1, interface: 'eth0', syncId: 0 };
    expect(() => ipvs.startDaemon(daemon)).toThrow(new NetlinkError(errno.ENODEV, 'start-daemon'));
  });

  test('a connection needs addresses', () => {
    const end = { address: 'somewhere', port: 1 };
    kernel.connections = [
      { protocol: 'tcp', client: end, virtual: end, server: end, state: 'NONE', expires: 1 },
    ];
    expect(() => [...ipvs.connections()]).toThrow(new TypeError('somewhere: not an IPv4 or IPv6 address'));
  });
});
