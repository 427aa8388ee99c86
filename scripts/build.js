// Bundles the program with esbuild:
//
//   ipvsadm.cjs    the start: src/engines/node/cached-start.ts
//   classic.js     ipvsadm's own spelling: nothing but fs and the native addon
//   commands.js    the oclif tree
//   help.js, subcommand-help.js, strerror.js, explain.js, hint.js, restore-progress.js    what few commands need
//   state-*.js     state documents: writing, reading
//   pretty.js      tables for people
//   index.js       the library
//
// classic.js and commands.js are one function each, which ipvsadm.cjs starts from V8's code cache; the others are
// ordinary modules.
const { build } = require('esbuild');
const { execFileSync } = require('node:child_process');
const { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { thirdPartyLicenses } = require('./third-party');

const root = join(__dirname, '..');

/** Bundles of their own: a `require` of one of these stays a require, loaded when it is reached. */
const cached = { classic: 'src/engines/node/main.ts', commands: 'src/engines/node/subcommands.ts' };
const ordinary = {
  help: 'src/format/help.ts',
  'subcommand-help': 'src/commands/help.ts',
  strerror: 'src/errors/strerror.ts',
  explain: 'src/explain/index.ts',
  'restore-progress': 'src/operations/restore-progress.ts',
  'state-json': 'src/state/document/write.ts',
  'state-schema': 'src/state/document/schema.ts',
  'parse-json': 'src/state/source/parse-json.ts',
  'parse-yaml': 'src/state/source/parse-yaml.ts',
  'verified-text': 'src/state/files/verified-text.ts',
  'read-keepalived': 'src/state/keepalived/read.ts',
  'read-ldirectord': 'src/state/ldirectord/read.ts',
  'write-keepalived': 'src/state/keepalived/write.ts',
  'write-ldirectord': 'src/state/ldirectord/write.ts',
  colour: 'src/format/colour.ts',
  hint: 'src/explain/hint.ts',
  pretty: 'src/format/pretty.ts',
};
const parts = { ...cached, ...ordinary };

const separateParts = {
  name: 'separate-parts',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'require-call') return undefined;
      const files = [`${path}.ts`, `${path}/index.ts`].map((file) => resolve(resolveDir, file));
      const part = Object.keys(parts).find((name) => files.includes(join(root, parts[name])));
      return part && { path: `./${part}.js`, external: true };
    });
  },
};

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['netlink'],
  // jsonc-parser's CommonJS cannot be bundled: it asks for its parts by a require of its own.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  logLevel: 'warning',
  metafile: true,
};

async function main() {
  clearDist();
  const builds = [
    // By this suffix Node knows that it is CommonJS without reading a package.json.
    {
      entryPoints: { ipvsadm: 'src/engines/node/cached-start.ts' },
      outExtension: { '.js': '.cjs' },
      minify: true,
    },
    { entryPoints: { index: 'src/library/index.ts' } },
    { entryPoints: ordinary, plugins: [separateParts], minify: true },
    {
      entryPoints: cached,
      plugins: [separateParts],
      minify: true,
      banner: { js: '(function(exports,require,module,__filename,__dirname){' },
      footer: { js: '})' },
    },
  ];
  const metafiles = [];
  for (const options of builds) metafiles.push((await build({ ...common, ...options })).metafile);
  writeFileSync(join(root, 'dist/THIRD-PARTY.txt'), thirdPartyLicenses(root, metafiles));
  // The addon beside the bundles: found without a search.
  cpSync(join(root, 'node_modules/netlink/prebuilds'), join(root, 'dist/prebuilds'), { recursive: true });
  await writeCodeCaches();
}

/** V8's flags as bin/ipvsadm sets them, and what src/engines/node/cached-start.ts calls the caches made with them. */
const flagSets = { '': [], '-single': ['--single-threaded', '--max-inlined-bytecode-size-cumulative=200'] };

/** Empties dist/, but for what `npm run build:native` and `npm run build:deb` made. */
function clearDist() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const name of readdirSync(join(root, 'dist')).filter(
    (name) => name !== 'native' && !name.endsWith('.deb'),
  )) {
    rmSync(join(root, 'dist', name), { recursive: true, force: true });
  }
}

/** The code caches of this version of Node; another version goes without. Made by a Node with the launcher's flags. */
async function writeCodeCaches() {
  const kernel = join(root, 'node_modules/.cache/ipvsadm-build/fake-kernel.js');
  await build({
    ...common,
    outdir: undefined,
    outfile: kernel,
    entryPoints: ['test/helpers/fake-kernel.ts'],
  });
  for (const bundle of Object.keys(cached)) {
    for (const [name, flags] of Object.entries(flagSets)) {
      const cache = `dist/${bundle}.js.${process.version}-${process.arch}${name}.cache`;
      const script = [join(__dirname, 'code-cache.js'), `dist/${bundle}.js`, cache, kernel];
      execFileSync(process.execPath, ['--no-rehash-snapshot', ...flags, ...script], {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
