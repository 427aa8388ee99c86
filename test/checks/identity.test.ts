/** Which checks share one run. */
import { checkIdentity } from '../../src/checks';
import type { Check, CheckKind } from '../../src/model/check';
import { anyAnswer, checkOf, targetOf } from './targets';

const http: CheckKind = { type: 'http', ...anyAnswer };
const identity = (check: Check, port = 80, address?: string) => checkIdentity(check, targetOf(port, address));

const equal: [name: string, a: string, b: string][] = [
  [
    'timing and name',
    identity(checkOf(http)),
    identity({ ...checkOf(http, { interval: 9, timeout: 9, fall: 9, initial: 'up' }), name: 'page' }),
  ],
  [
    'the place, given or of the server',
    identity(checkOf(http, { address: '127.0.0.1', port: 80 }), 1, '127.0.0.2'),
    identity(checkOf(http)),
  ],
  [
    'the order of headers',
    identity(checkOf({ ...http, headers: { a: '1', b: '2' } })),
    identity(checkOf({ ...http, headers: { b: '2', a: '1' } })),
  ],
  ['undefined fields', identity(checkOf({ ...http, host: undefined })), identity(checkOf(http))],
  ['the port of a ping', identity(checkOf({ type: 'ping' }), 1), identity(checkOf({ type: 'ping' }), 2)],
  [
    'the server of a file',
    identity(checkOf({ type: 'file', path: '/x' }), 1),
    identity(checkOf({ type: 'file', path: '/x' }), 2),
  ],
];

test.each(equal)('equal but for %s', (_, a, b) => {
  expect(a).toBe(b);
});

const script: CheckKind = { type: 'script', command: ['/x'], exit: 'plain' };
const different: [name: string, a: string, b: string][] = [
  ['kinds', identity(checkOf({ type: 'tcp' })), identity(checkOf({ type: 'agent' }))],
  ['ports', identity(checkOf(http), 80), identity(checkOf(http), 81)],
  ['addresses', identity(checkOf(http)), identity(checkOf(http), 80, '::1')],
  ['sources', identity(checkOf(http)), identity(checkOf(http, { source: '127.0.0.9' }))],
  ['marks', identity(checkOf(http)), identity(checkOf(http, { mark: 1 }))],
  ['paths', identity(checkOf(http)), identity(checkOf({ ...http, path: '/x' }))],
  [
    'orders of a command',
    identity(checkOf({ ...script, command: ['/x', 'a', 'b'] })),
    identity(checkOf({ ...script, command: ['/x', 'b', 'a'] })),
  ],
  ['servers of a script', identity(checkOf(script), 1), identity(checkOf(script), 2)],
];

test.each(different)('different: %s', (_, a, b) => {
  expect(a).not.toBe(b);
});
