/**
 * Starts the program from V8's code cache: compiling the bundles costs more than all that a plain command does.
 * The build (scripts/code-cache.js) writes the caches; one of another Node is not used, and a bundle without one is compiled as usual.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
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

/** Larger than any cache. Memory that is not read into costs nothing. */
const MAX_CACHED = 1 << 20;

/** V8 takes a cache only from a process with the same flags: the launcher has two sets of them. */
const flags = process.execArgv.includes('--single-threaded') ? '-single' : '';

/** What `require` is to the bundles. Each of them is asked for once. */
function load(path: string): unknown {
  if (!cachedBundles.includes(path)) return require(path);
  const filename = `${__dirname}/${path.slice(2)}`;
  const cachedData = readIfThere(`${filename}.${process.version}-${process.arch}${flags}.cache`);
  const script = new Script(readFileSync(filename, 'utf8'), {
    filename,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, load, module, filename, __dirname);
  return module.exports;
}

/** Reads as the netlink socket is read later: each function of Node that is not needed otherwise costs a compilation. */
function readIfThere(file: string): Uint8Array | undefined {
  try {
    const descriptor = openSync(file, 'r');
    const buffer = Buffer.allocUnsafeSlow(MAX_CACHED);
    const length = readSync(descriptor, buffer);
    closeSync(descriptor);
    return buffer.subarray(0, length);
  } catch {
    return undefined;
  }
}

load('./classic.js');
