import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockTable, lockTableAside } from '../../../src/engines/node/table-lock';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(place, { recursive: true }));

describe.each([
  ['waiting', async (directory: string) => lockTable(directory)],
  ['aside', lockTableAside],
] as const)('%s', (_way, lock) => {
  async function taken(directory: string) {
    const attempt = await lock(directory);
    if (attempt.kind !== 'taken') throw new Error(JSON.stringify(attempt));
    return attempt;
  }

  test('is taken once, and by the next when it is released', async () => {
    const first = await taken(place);
    expect(await lock(place)).toEqual({ kind: 'held', holder: process.pid });
    first.release();
    (await taken(place)).release();
  });

  test('is a file for this network namespace, for root alone, with the id of its process', async () => {
    const directory = join(place, 'ipvsadm');
    const { release } = await taken(directory);
    const [name] = readdirSync(directory);
    const inode = spawnSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }).stdout.replace(
      /\D/g,
      '',
    );
    expect({
      name,
      modes: [directory, join(directory, name!)].map((path) => statSync(path).mode & 0o777),
      text: readFileSync(join(directory, name!), 'utf8'),
    }).toEqual({ name: `net-${inode}.lock`, modes: [0o700, 0o600], text: `${process.pid}\n` });
    release();
  });

  test('ends with its process, even if that is killed', async () => {
    (await taken(place)).release();
    const [name] = readdirSync(place);
    const holder = spawn('flock', [join(place, name!), 'sh', '-c', 'echo; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect((await lock(place)).kind).toBe('held');
    process.kill(-holder.pid!, 'SIGKILL');
    await new Promise((resolve) => holder.once('close', resolve));
    (await taken(place)).release();
  });

  test.each<[string, () => string, RegExp]>([
    ['a directory that cannot be made', () => join(place, 'a', 'b'), /a\/b: No such file or directory$/],
    [
      'a file in place of the directory',
      () => {
        writeFileSync(join(place, 'file'), '');
        return join(place, 'file');
      },
      /net-\d+\.lock: Not a directory$/,
    ],
  ])('is unavailable with %s', async (_name, directory, reason) => {
    expect(await lock(directory())).toEqual({ kind: 'unavailable', reason: expect.stringMatching(reason) });
  });
});
