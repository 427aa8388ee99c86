// Bundles the program with esbuild: dist/ipvsadm.js is the classic path (nothing but fs and the native
// addon at start), dist/commands.js the oclif tree, dist/index.js the library.
const { buildSync } = require('esbuild');
const { cpSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Loaded at run time, when asked for: the other bundle, and what stays in node_modules.
  external: ['@oclif/core', '@oclif/core/*', 'netlink', './commands.js'],
  logLevel: 'warning',
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
// The addon beside the bundle: found without a search.
cpSync(join(root, 'node_modules/netlink/prebuilds'), join(root, 'dist/prebuilds'), { recursive: true });
buildSync({ ...common, entryPoints: { ipvsadm: 'src/bin.ts' }, outdir: 'dist', minify: true });
buildSync({
  ...common,
  entryPoints: { commands: 'src/commands/index.ts', index: 'src/index.ts' },
  outdir: 'dist',
});
