import { IpvsClient } from '../../src/ipvs/client';
import { RefusedRequestError } from '../../src/ipvs/request-error';
import { fwmarkService, realServer, virtualService } from '../../src/library/builders';
import type { Operation } from '../../src/model/operation';
import { NetlinkError, TransportError } from '../../src/netlink/errors';
import { FakeKernel } from '../helpers/fake-kernel';

const key = fwmarkService(7);
const client = () => new IpvsClient(new FakeKernel().open());

function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test.each([
  ['add-server', 3, () => client().addServer(key, realServer('10.0.0.1', 80))],
  ['delete-service', 3, () => client().deleteService(key)],
  ['service', 3, () => client().service(key)],
  [
    'add-service',
    17,
    () => {
      const ipvs = client();
      ipvs.addService(virtualService(key));
      ipvs.addService(virtualService(key));
    },
  ],
] as const)('a refused %s says so, with errno %d and a hint', (operation, errno, act) => {
  const error = failureOf(act) as NetlinkError;
  expect(error).toBeInstanceOf(NetlinkError);
  expect({ errno: error.errno, operation: error.operation, message: error.message }).toEqual({
    errno,
    operation,
    message: `the kernel refused ${operation}: errno ${errno}`,
  });
  expect(error.hint).toMatch(/service/);
});

test('what breaks under a question keeps its errno and gets to know the question', () => {
  const transport = {
    send() {},
    receive() {
      throw new TransportError('No buffer space available', 105);
    },
    close() {},
  };
  const error = failureOf(() => new IpvsClient(transport)) as TransportError;
  expect(error).toBeInstanceOf(TransportError);
  expect([error.message, error.errno, error.operation, error.hint]).toEqual([
    'No buffer space available',
    105,
    'connect',
    '',
  ]);
});

test.each<[Operation, number, RegExp]>([
  ['connect', 2, /modprobe ip_vs/],
  ['add-service', 2, /scheduler/],
  ['services', 1, /CAP_NET_ADMIN/],
  ['add-server', 22, /unicast/],
  ['set-timeouts', 22, /smaller timeouts/],
  ['flush', 5, /^$/],
])('%s, errno %d', (operation, errno, hint) => {
  expect(new RefusedRequestError(errno, operation).hint).toMatch(hint);
});
