// Bundles the program with esbuild:
//
//   ipvsadm.cjs    the entry point: src/engines/node/cached-start.ts
//   classic.js     the classic syntax; needs only fs and the native addon
//   commands.js    the subcommands, with oclif
//   index.js       the library
//
// and the bundles of `ordinary` below, which few commands need.
//
// classic.js and commands.js are a single function each, which ipvsadm.cjs runs from V8's code
// cache. The others are ordinary modules.
const { build } = require('esbuild');
const { execFileSync } = require('node:child_process');
const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { formatSbom, npmComponent, sbom } = require('./sbom');
const { licenseTexts, thirdPartyPackages } = require('./third-party');

const root = join(__dirname, '..');

/**
 * Separate bundles: a `require` of one of these files is kept, and loads the bundle at run time.
 */
const cached = { classic: 'src/engines/node/main.ts', commands: 'src/engines/node/subcommands.ts' };
const ordinary = {
  help: 'src/format/help.ts',
  'subcommand-help': 'src/commands/help.ts',
  strerror: 'src/errors/strerror.ts',
  explain: 'src/explain/index.ts',
  progress: 'src/platform/progress.ts',
  'state-json': 'src/state/document/write.ts',
  'state-schema': 'src/state/document/schema.ts',
  'parse-json': 'src/state/source/parse-json.ts',
  'parse-yaml': 'src/state/source/parse-yaml.ts',
  'replace-table': 'src/state/plan/replace.ts',
  'verified-text': 'src/state/files/verified-text.ts',
  'read-keepalived': 'src/state/keepalived/read.ts',
  'read-ldirectord': 'src/state/ldirectord/read.ts',
  'write-keepalived': 'src/state/keepalived/write.ts',
  'write-ldirectord': 'src/state/ldirectord/write.ts',
  checks: 'src/checks/index.ts',
  director: 'src/engines/node/run-director.ts',
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

/**
 * Puts the text of the awk program into the bundles: src/commands/support/candidates-program.ts
 * reads it from the sources.
 */
const embeddedText = {
  name: 'embedded-text',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/commands\/support\/candidates-program\.ts$/ }, () => {
      const file = join(root, 'src/completion/candidates.awk');
      return { contents: readFileSync(file), loader: 'text' };
    });
  },
};

/**
 * Leaves out the file search of oclif's plugin loader, which the program does not use: one of its
 * packages requires a package by name, which Node would also look for below $HOME.
 */
const withoutFileSearch = {
  name: 'without-file-search',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^tinyglobby$/ }, () => ({ path: 'tinyglobby', namespace: 'left-out' }));
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
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
  // jsonc-parser's CommonJS build cannot be bundled, because its UMD wrapper hides `require` calls.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  logLevel: 'warning',
  metafile: true,
};

async function main() {
  clearDist();
  const builds = [
    // The suffix .cjs tells Node that this is CommonJS without reading a package.json.
    {
      entryPoints: { ipvsadm: 'src/engines/node/cached-start.ts' },
      outExtension: { '.js': '.cjs' },
      minify: true,
    },
    { entryPoints: { index: 'src/library/index.ts' } },
    { entryPoints: ordinary, plugins: [separateParts, embeddedText, withoutFileSearch], minify: true },
    {
      entryPoints: cached,
      plugins: [separateParts, embeddedText, withoutFileSearch],
      minify: true,
      banner: { js: '(function(exports,require,module,__filename,__dirname){' },
      footer: { js: '})' },
    },
  ];
  const metafiles = [];
  for (const options of builds) metafiles.push((await build({ ...common, ...options })).metafile);
  const packages = thirdPartyPackages(root, metafiles);
  writeFileSync(join(root, 'dist/THIRD-PARTY.txt'), licenseTexts(packages));
  writeFileSync(join(root, 'dist/sbom.json'), formatSbom(sbom(packages.map(npmComponent))));
  // Copy the addon to dist/, where it is found without a search.
  cpSync(join(root, 'node_modules/netlink/prebuilds'), join(root, 'dist/prebuilds'), { recursive: true });
  await writeCodeCaches();
}

/**
 * The V8 flags that bin/ipvsadm sets, by the suffix that cached-start.ts uses for caches made with
 * them.
 */
const flagSets = { '': [], '-single': ['--single-threaded', '--max-inlined-bytecode-size-cumulative=200'] };

/** Empties dist/, except for the results of `npm run build:native` and `npm run build:deb`. */
function clearDist() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const name of readdirSync(join(root, 'dist')).filter(
    (name) => name !== 'native' && !name.endsWith('.deb'),
  )) {
    rmSync(join(root, 'dist', name), { recursive: true, force: true });
  }
}

/**
 * Writes code caches for this version of Node, with the launcher's flags. Other versions use no
 * cache.
 */
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
