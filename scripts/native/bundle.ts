/** Bundles the core with an entry point for QuickJS: the program, and the parts that it may need. */
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type PartName, partNames, partOf, parts } from '../parts';

const root = join(__dirname, '../..');

/** The name of the bundle that runs first: PROGRAM in src/engines/quickjs/parts.h. */
const PROGRAM = 'program';

/**
 * Writes the bundles `NAME.js` into `folder`.
 * @param entry relative to the project's root.
 * @returns their names.
 */
export async function bundle(entry: string, folder: string, version: string): Promise<string[]> {
  const entries = new Map<string, string>([[PROGRAM, entry]]);
  // Grows while it is read: parts need parts.
  for (const [name, file] of entries) {
    const needed = await bundleOne(file, join(folder, `${name}.js`), version);
    for (const part of needed) entries.set(part, parts[part]);
  }
  return [...entries.keys()];
}

/** @returns the parts that the bundle needs. */
async function bundleOne(entry: string, outfile: string, version: string): Promise<PartName[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'neutral',
    target: 'es2023',
    // As a module: the engine finds the variables of its top level without a search.
    format: 'esm',
    minify: true,
    define: { QUICKJS_VERSION: JSON.stringify(version) },
    plugins: [separateParts],
    metafile: true,
    logLevel: 'warning',
  });
  const { inputs } = Object.values(metafile.outputs)[0]!;
  // What nothing calls is left out of the bundle, and so are the parts that it would need.
  return partNames.filter((name) => (inputs[`${NAMESPACE}:${name}`]?.bytesInOutput ?? 0) > 0);
}

const NAMESPACE = 'part';

/** Leaves parts out; what requires them gets them from the engine. */
const separateParts: Plugin = {
  name: 'separate-parts',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      const part = kind === 'require-call' ? partOf(path, resolveDir) : undefined;
      return part === undefined ? undefined : { path: part, namespace: NAMESPACE };
    });
    onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = native.part(${JSON.stringify(path)});`,
    }));
  },
};
