import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flagsOf, root } from '../../scripts/native/build';
import { quickjs } from '../../scripts/native/quickjs';
import { findToolchain } from '../../scripts/native/toolchain';

test('pieces of memory keep what is written to them', async () => {
  const toolchain = await findToolchain();
  const { include } = await quickjs(toolchain, flagsOf(false));
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-memory-'));
  try {
    const program = join(folder, 'check');
    const sources = ['src/engines/quickjs/memory.c', 'test/native/memory-check.c'];
    await toolchain.compile([
      ...['-O1', '-g', '-fsanitize=undefined', '-fno-sanitize-recover=undefined', '-static-libubsan'],
      ...[`-I${join(root, 'src/engines/quickjs')}`, `-isystem${include}`],
      ...sources.map((file) => join(root, file)),
      ...['-o', program],
    ]);
    expect(execFileSync(program, { encoding: 'latin1' })).toBe('ok\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);
