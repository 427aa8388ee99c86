// Bundles the program with esbuild:
//
//   ipvsadm.cjs    the entry point: src/engines/node/cached-start.ts
//   classic.js     the classic syntax; needs only fs and the native addon
//   commands.js    the subcommands, with oclif
//   index.js       the library, for require
//   index.mjs      the library, for import
//   library-extras.js    what few users of the library need, for both
//   testing.js     the fake kernel for tests of programs that use the library, for require
//   testing.mjs    the same, for import
//
// and the bundles of parts.ts, which few commands need, and the web page (web.ts).
//
// classic.js and commands.js are a single function each, which ipvsadm.cjs runs from V8's code
// cache. The others are ordinary modules.
const { build } = require('esbuild');
const { execFileSync } = require('node:child_process');
const {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require('node:fs');
const { join, resolve } = require('node:path');
const { parts: ordinary, partOf } = require('./parts');
const { formatSbom, npmComponent, sbom } = require('./sbom');
const { licenseTexts, thirdPartyPackages } = require('./third-party');
const { buildWeb } = require('./web');

const root = join(__dirname, '..');

/** Separate bundles, as those of scripts/parts.ts. */
const cached = { classic: 'src/engines/node/main.ts', commands: 'src/engines/node/subcommands.ts' };
const separate = { ...cached, ...ordinary };

/** Leaves the `require` of a part of the table for run time. */
function separateParts(table) {
  return {
    name: 'separate-parts',
    setup({ onResolve }) {
      onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
        if (kind !== 'require-call') return undefined;
        const part = partOf(path, resolveDir, table);
        return part && { path: `./${part}.js`, external: true };
      });
    },
  };
}

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

const library = { index: 'src/library/index.ts' };
const testing = { testing: 'src/testing/index.ts' };

const extras = { 'library-extras': 'src/library/extras.ts' };

/** What the library loads when it is used: zod alone is several times as large as the library. */
const documents = ['parse-json', 'parse-yaml', 'state-schema'];
const libraryParts = { ...extras, ...Object.fromEntries(documents.map((name) => [name, ordinary[name]])) };
const separateLibraryParts = separateParts(libraryParts);

/** The errors of the fake kernel are those of the library, which tells them by their classes. */
function errorsOf(bundle) {
  const errors = join(root, 'src/netlink/errors');
  return {
    name: 'errors-of-library',
    setup({ onResolve }) {
      onResolve({ filter: /\/errors$/ }, ({ path, resolveDir }) =>
        resolve(resolveDir, path) === errors ? { path: bundle, external: true } : undefined,
      );
    },
  };
}

const asModule = { format: 'esm', outExtension: { '.js': '.mjs' } };

/** What CommonJS declares and ES modules do not. */
const commonJsNames = `import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
const require = createRequire(import.meta.url);
const __filename = fileURLToPath(import.meta.url);
const __dirname = fileURLToPath(new URL('.', import.meta.url)).slice(0, -1);`;

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
  linkNodeProgram();
  const builds = [
    // The suffix .cjs tells Node that this is CommonJS without reading a package.json.
    {
      entryPoints: { ipvsadm: 'src/engines/node/cached-start.ts' },
      outExtension: { '.js': '.cjs' },
      minify: true,
    },
    { entryPoints: library, plugins: [separateLibraryParts] },
    { entryPoints: library, plugins: [separateLibraryParts], ...asModule, banner: { js: commonJsNames } },
    { entryPoints: extras, plugins: [separateLibraryParts] },
    { entryPoints: testing, plugins: [errorsOf('./index.js')] },
    { entryPoints: testing, plugins: [errorsOf('./index.mjs')], ...asModule },
    {
      entryPoints: ordinary,
      plugins: [separateParts(separate), embeddedText, withoutFileSearch],
      minify: true,
    },
    {
      entryPoints: { 'install/code-caches': 'scripts/code-caches.js' },
      outExtension: { '.js': '.cjs' },
      minify: true,
    },
    {
      entryPoints: cached,
      plugins: [separateParts(separate), embeddedText, withoutFileSearch],
      minify: true,
      banner: { js: '(function(exports,require,module,__filename,__dirname){' },
      footer: { js: '})' },
    },
  ];
  const metafiles = [];
  for (const options of builds) metafiles.push((await build({ ...common, ...options })).metafile);
  metafiles.push(await buildWeb(root));
  // The other types are compiled as those of CommonJS modules, from which an ES module may export.
  mkdirSync(join(root, 'dist/types'));
  writeFileSync(join(root, 'dist/types/index.d.mts'), "export * from './library/index.js';\n");
  writeFileSync(join(root, 'dist/types/testing.d.mts'), "export * from './testing/index.js';\n");
  const packages = thirdPartyPackages(root, metafiles);
  writeFileSync(join(root, 'dist/THIRD-PARTY.txt'), licenseTexts(packages));
  writeFileSync(join(root, 'dist/sbom.json'), formatSbom(sbom(packages.map(npmComponent))));
  // Copy the addon to dist/, where it is found without a search.
  cpSync(join(root, 'node_modules/netlink/prebuilds'), join(root, 'dist/prebuilds'), { recursive: true });
  execFileSync(process.execPath, [join(root, 'dist/install/code-caches.cjs')]);
}

/** Empties dist/, except for the results of `npm run build:native` and `npm run build:deb`. */
/** The program on Node under the names of the C program, for tests: bin/ipvsadm becomes the native one. */
function linkNodeProgram() {
  mkdirSync(join(root, 'dist/node'));
  for (const name of ['ipvsadm', 'ipvsadm-save', 'ipvsadm-restore']) {
    symlinkSync('../../bin/ipvsadm-node', join(root, 'dist/node', name));
  }
}

function clearDist() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const name of readdirSync(join(root, 'dist')).filter(
    (name) => name !== 'native' && !name.endsWith('.deb'),
  )) {
    rmSync(join(root, 'dist', name), { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
