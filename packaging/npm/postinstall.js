// npm runs this when it has unpacked the package. The program works without it, too; this makes it
// start faster (docs/install.md, SECURITY.md):
//
// - If the native program runs on this machine, bin/ipvsadm, to which npm's links lead, becomes a
//   link to it. If it does not run, it is removed, and bin/ipvsadm starts the program on Node.
//   Other package managers wrap bin/ipvsadm as a shell script, so there it stays one.
// - V8's code caches are written for the Node that runs this.
//
// It writes in the directory of the package only. A failure does not end the installation.
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, readFileSync, renameSync, rmSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');

/** In milliseconds, for a machine under load. */
const PATIENCE = 20_000;

function main() {
  if (existsSync(join(root, 'src'))) return; // `npm ci` in a checkout
  for (const step of [useNativeProgram, writeCodeCaches]) {
    try {
      step();
    } catch (error) {
      console.error(`ipvsadm: ${error.message}`);
    }
  }
}

function useNativeProgram() {
  const own = `dist/native/${process.arch}`;
  if (!existsSync(join(root, own))) return;
  if (!runs(join(root, own, 'ipvsadm'))) {
    rmSync(join(root, own), { recursive: true });
    return;
  }
  if (!/^npm\//.test(process.env.npm_config_user_agent ?? '')) return;
  const link = join(root, 'bin/ipvsadm');
  rmSync(`${link}.new`, { force: true });
  symlinkSync(`../${own}/ipvsadm`, `${link}.new`);
  renameSync(`${link}.new`, link);
}

/** Whether an executable starts and is this version of the program. */
function runs(program) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { status, stdout } = spawnSync(program, ['version'], {
    encoding: 'utf8',
    env: {},
    timeout: PATIENCE,
  });
  return status === 0 && stdout.startsWith(`ipvsadm for Node ${version} (native, `);
}

function writeCodeCaches() {
  execFileSync(process.execPath, [join(root, 'dist/install/code-caches.cjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

main();
