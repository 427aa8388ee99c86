import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEtcd, readPassword } from '../../../src/daemon/etcd/open';

const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-password-'));
const file = join(folder, 'password');

afterAll(() => rmSync(folder, { recursive: true }));

function password(content: string, mode: number): () => string {
  writeFileSync(file, content);
  chmodSync(file, mode);
  return () => readPassword(file);
}

test('the first line of a file that nobody else can read', () => {
  expect(password('größer\nmore\n', 0o600)()).toBe('größer');
  expect(password('secret\n', 0o640)).toThrow(`${file}: others can read it: chmod 600`);
  expect(password('\n', 0o600)).toThrow(`${file}: it is empty: its first line must be the password`);
  expect(() => readPassword(`${file}.none`)).toThrow(`${file}.none: no such file`);
});

test('settings become a client', () => {
  const settings = {
    kind: 'etcd',
    endpoints: ['http://192.0.2.1', 'http://192.0.2.2'],
    cluster: 'web',
    ttl: 3000,
  } as const;
  expect(openEtcd(settings).options).toMatchObject({ patience: 500, user: undefined });
  const { user } = openEtcd({ ...settings, user: 'lb', passwordFile: file }).options;
  password('secret', 0o600);
  expect([user!.name, user!.password()]).toEqual(['lb', 'secret']);
});
