import { effectiveCapabilities } from '../../src/platform/capabilities';

test.each([
  ['all', '000001ffffffffff', ['CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_SYS_MODULE']],
  ['only CAP_NET_ADMIN', '0000000000001000', ['CAP_NET_ADMIN']],
  ['only CAP_NET_RAW', '0000000000002000', ['CAP_NET_RAW']],
  ['only CAP_SYS_MODULE', '0000000000010000', ['CAP_SYS_MODULE']],
  ['others', '000001ffffffefff', ['CAP_NET_RAW', 'CAP_SYS_MODULE']],
  ['none', '0', []],
])('%s', (_name, hex, expected) => {
  const readFile = (path: string) =>
    path === '/proc/self/status' ? `Name:\tnode\nCapPrm:\t0\nCapEff:\t${hex}\n` : undefined;
  expect([...effectiveCapabilities({ readFile })!]).toEqual(expected);
});

test.each([[undefined], ['Name:\tnode\n']])('are unknown if /proc/self/status is %j', (status) => {
  expect(effectiveCapabilities({ readFile: () => status })).toBeUndefined();
});
