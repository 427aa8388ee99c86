/**
 * Starts the program from V8's code cache: compiling the bundles costs more than all that a plain command does.
 * The build (scripts/code-cache.js) writes the caches; one of another Node is not used, and a bundle without one is compiled as usual.
 */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

type Wrapper = (
  exports: unknown,
  require: (path: string) => unknown,
  module: { exports: unknown },
  filename: string,
  directory: string,
) => void;

/** The bundles that the build writes as one function each; everything else is required as usual. */
const cachedBundles = ['./classic.js', './commands.js'];

/** What `require` is to the bundles. Each of them is asked for once. */
function load(path: string): unknown {
  if (!cachedBundles.includes(path)) return require(path);
  const filename = `${__dirname}/${path.slice(2)}`;
  const cachedData = readIfThere(`${filename}.${process.version}-${process.arch}.cache`);
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, load, module, filename, __dirname);
  return module.exports;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

load('./classic.js');
