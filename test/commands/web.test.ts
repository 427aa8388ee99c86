/** The commands about the web page: who may use it, and where it is served without the daemon. */
import { runSubcommand } from '../../src/commands';
import type { WebRun } from '../../src/platform/web-run';
import { findToken, formatTokens, parseTokens } from '../../src/web/tokens';
import { runIn } from '../helpers/test-system';

const FILE = '/etc/ipvsadm/web-tokens.json';

async function run(line: string, files: Record<string, string> = {}) {
  const replaced: Record<string, string> = {};
  const runs: WebRun[] = [];
  const result = await runIn(
    {
      args: line.split(' '),
      files,
      openTransport: () => {
        throw new Error('these commands ask no kernel');
      },
      onReplace: (path, text) => {
        replaced[path] = text;
      },
      runWeb: (web) => {
        runs.push(web);
        return { status: 0 };
      },
    },
    runSubcommand,
  );
  return { ...result, replaced, runs };
}

const bob = { name: 'bob', role: 'view', sha256: 'a'.repeat(64), since: 0, until: 86_400_000 } as const;
const withBob = { [FILE]: formatTokens([bob]) };

test('a token is printed once, and kept as a digest beside the others', async () => {
  const { status, stdout, replaced } = await run('web token alice --role operate --for 8h', withBob);
  expect(status).toBe(0);
  const tokens = parseTokens(replaced[FILE]!);
  expect(tokens).toEqual([bob, expect.objectContaining({ name: 'alice', role: 'operate' })]);
  expect(findToken(tokens, stdout.trim(), Date.now())?.name).toBe('alice');
  expect(tokens[1]!.until! - tokens[1]!.since).toBe(8 * 3_600_000);
  expect(replaced[FILE]).not.toContain(stdout.trim());
});

test.each<[string, Record<string, string>, string]>([
  ['web token bob', withBob, "ipvsadm: bob has a token: 'ipvsadm web revoke bob' takes it away first\n"],
  ['web token a/b', {}, 'a/b: a name has 1 to 63 letters, digits, . _ @ or -'],
  [
    'web token x',
    { [FILE]: '[]' },
    `ipvsadm: ${FILE}: it is no file of tokens of version 1: 'ipvsadm web token' makes them\n`,
  ],
  ['web revoke eve', withBob, 'ipvsadm: eve has no token: there are bob\n'],
  ['web revoke eve', {}, 'ipvsadm: eve has no token: there are none\n'],
  ['web', {}, 'either FILE, which the page may change, or --read-only is needed'],
  ['web --read-only --listen here', {}, '--listen here: must be an address and a port'],
  [
    'web t.yaml --listen 0.0.0.0:80',
    {},
    '--listen 0.0.0.0:80: other machines reach it: --certificate and --key are needed',
  ],
  ['web t.yaml --certificate c.pem', {}, '--key'],
])('%s is refused, and nothing is changed', async (line, files, message) => {
  const { status, stderr, replaced, runs } = await run(line, files);
  expect(status).not.toBe(0);
  expect(stderr).toContain(message);
  expect([replaced, runs]).toEqual([{}, []]);
});

test('tokens are listed without digests, and taken away', async () => {
  expect((await run('web tokens', withBob)).stdout).toMatch(
    /^NAME +ROLE +SINCE +UNTIL\nbob +view +1970-01-0\d /,
  );
  expect(JSON.parse((await run('web tokens --json', withBob)).stdout)).toEqual([
    { name: 'bob', role: 'view', since: 0, until: 86_400_000 },
  ]);
  expect((await run('web tokens')).stderr).toBe(
    "ipvsadm: nobody may use the web page: 'ipvsadm web token' makes tokens\n",
  );
  const { stdout, replaced } = await run('web revoke bob', withBob);
  expect(stdout).toBe('bob has no token any more\n');
  expect(parseTokens(replaced[FILE]!)).toEqual([]);
});

test('the page is served where it is said, for whom it is said', async () => {
  const usual = { tokenFile: FILE, auditFile: '/var/lib/ipvsadm/web-audit.jsonl' };
  expect((await run('web --read-only')).runs).toEqual([
    expect.objectContaining({
      ...usual,
      file: undefined,
      listen: { host: '127.0.0.1', port: 3636 },
      hosts: [],
    }),
  ]);
  const line =
    'web t.conf --format keepalived --listen [::]:443 --certificate c.pem --key k.pem --host lb.example.com';
  expect((await run(line)).runs).toEqual([
    expect.objectContaining({
      ...{ file: 't.conf', format: 'keepalived', listen: { host: '::', port: 443 } },
      ...{ tls: { certificate: 'c.pem', key: 'k.pem' }, hosts: ['lb.example.com'] },
    }),
  ]);
  expect((await run('web t.yaml --read-only')).runs[0]!.file).toBeUndefined();
});
