/** What a refusal usually means and what helps, by what was asked for and errno: for people, so the wording may change. */
import { errno } from './errno';
import type { Operation } from './transport';

type Hints = Readonly<Record<number, string>>;

const noService: Hints = {
  [errno.ESRCH]:
    'there is no virtual service of that protocol, address and port, or firewall mark: add it first',
};
const noScheduler: Hints = {
  [errno.ENOENT]:
    'the kernel has no such scheduler or persistence engine: is its module (ip_vs_wrr, ip_vs_pe_sip …) installed?',
};
const noServer: Hints = {
  ...noService,
  [errno.ENOENT]:
    'the service has no real server of that address and port: forwarding by gatewaying and tunneling keeps the port of the service',
};
const badServer: Hints = {
  [errno.EINVAL]: "a real server's address has to be unicast, and in the network namespace lo has to be up",
};

const hints: Readonly<Partial<Record<Operation, Hints>>> = {
  connect: { [errno.ENOENT]: 'the kernel does not know IPVS: load the module ip_vs (modprobe ip_vs)' },
  'add-service': {
    ...noScheduler,
    [errno.EEXIST]: 'the virtual service exists: edit it, or delete it first',
  },
  'edit-service': { ...noService, ...noScheduler },
  'delete-service': noService,
  service: noService,
  zero: noService,
  'add-server': {
    ...noService,
    ...badServer,
    [errno.EEXIST]: 'the service has this real server already: edit it, or delete it first',
  },
  'edit-server': { ...noServer, ...badServer },
  'delete-server': noServer,
  'start-daemon': { [errno.EEXIST]: 'a sync daemon of that kind runs already: stop it first' },
  'stop-daemon': { [errno.ESRCH]: 'no sync daemon of that kind runs' },
};

const general: Hints = {
  [errno.EPERM]:
    'CAP_NET_ADMIN is needed, and in the initial user namespace: that of a rootless container does not count',
  [errno.EINVAL]: 'a value is out of range, or this kernel does not know it',
  [errno.ENOMEM]: 'the kernel has no memory for it',
  [errno.EAFNOSUPPORT]:
    'this kernel cannot do that for IPv6, or for a real server of another family than its service',
  [errno.EOPNOTSUPP]: 'this kernel cannot do that for IPv6, or not with this forwarding method',
};

/** The hint for a refusal, '' where nothing is known that its errno does not say. */
export function hintFor(operation: Operation | undefined, code: number): string {
  return (operation && hints[operation]?.[code]) ?? general[code] ?? '';
}
