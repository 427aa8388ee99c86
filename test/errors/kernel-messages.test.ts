import { kernelSentence } from '../../src/errors/kernel-messages';
import {
  AttributeError,
  errnoOf,
  isNetlinkFailure,
  MessageError,
  NetlinkError,
  TransportError,
} from '../../src/netlink/errors';

const EINVAL = 'Invalid operation.  Possibly wrong module version, address not unicast, ...';

describe('the message for an errno', () => {
  test.each([
    ['add-service', 17, 'Service already exists'],
    ['add-service', 2, 'Scheduler or persistence engine not found'],
    ['edit-service', 3, 'No such service'],
    ['edit-service', 2, 'Scheduler or persistence engine not found'],
    ['delete-service', 3, 'No such service'],
    ['zero', 3, 'No such service'],
    ['add-server', 17, 'Destination already exists'],
    ['add-server', 3, 'Service not defined'],
    ['edit-server', 2, 'No such destination'],
    ['edit-server', 3, 'Service not defined'],
    ['delete-server', 2, 'No such destination'],
    ['delete-server', 3, 'Service not defined'],
    ['start-daemon', 17, 'Daemon has already run'],
    ['stop-daemon', 3, 'No daemon is running'],
    ['list-services', 3, 'No such service'],
    ['add-service', 3, 'No such process'],
    ['delete-service', 2, 'No such file or directory'],
    ['flush', 17, 'File exists'],
    ['flush', 1, 'Permission denied (you must be root)'],
    ['flush', 12, 'Memory allocation problem'],
    ['flush', 22, EINVAL],
    ['flush', 90, 'Module is wrong version'],
    ['connect', 92, 'Protocol not available'],
    ['flush', 95, 'Operation not supported with IPv6'],
    ['flush', 97, 'Operation not supported with specified address family'],
    ['start-daemon', 19, 'No such device'],
    ['add-server', 34, 'Numerical result out of range'],
    ['start-daemon', 101, 'Network is unreachable'],
    ['flush', 999, 'Unknown error 999'],
  ] as const)('%s, errno %i: %s', (operation, errno, expected) => {
    expect(kernelSentence(operation, errno)).toBe(expected);
  });
});

test('a failure without an errno of the kernel counts as EINVAL', () => {
  const failures = [
    new NetlinkError(3),
    new TransportError('lost', 105),
    new AttributeError(),
    new MessageError(),
  ];
  expect(failures.map(errnoOf)).toEqual([3, 22, 22, 22]);
});

test('programming errors are not netlink failures', () => {
  const errors = [
    new NetlinkError(3),
    new TransportError('lost'),
    new AttributeError(),
    new MessageError(),
    new TypeError(),
  ];
  expect(errors.map(isNetlinkFailure)).toEqual([true, true, true, true, false]);
});
