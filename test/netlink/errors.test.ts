import { NetlinkError, TransportError } from '../../src/netlink/errors';

test.each([
  ['a refusal', new NetlinkError(17), 'EEXIST'],
  ['EAGAIN, which has two names', new NetlinkError(11), 'EAGAIN'],
  ['EOPNOTSUPP, which has two names', new NetlinkError(95), 'EOPNOTSUPP'],
  ['an errno without a name', new NetlinkError(524), undefined],
  ['a failed exchange', new TransportError('no buffer space', 105), 'ENOBUFS'],
  ['a failed exchange without an errno', new TransportError('replies were lost'), undefined],
])('the code of %s', (_name, error, code) => {
  expect(error.code).toBe(code);
});
