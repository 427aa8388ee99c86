/**
 * Starts the program from V8's code cache: compiling the bundles takes longer than running most
 * commands. The build (scripts/code-cache.js) writes the caches for one version of Node; with any
 * other version the bundles are compiled.
 */
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { Script } from 'node:vm';

type Wrapper = (
  exports: unknown,
  require: (path: string) => unknown,
  module: { exports: unknown },
  filename: string,
  directory: string,
) => void;

/**
 * The bundles that the build writes as one function each. Everything else is loaded by `require`.
 */
const cachedBundles = ['./classic.js', './commands.js'];

/** Larger than any cache, in bytes. Memory that is never written costs nothing. */
const MAX_CACHED = 1 << 20;

/**
 * V8 accepts a cache only from a process with the same flags; bin/ipvsadm has two sets of flags.
 */
const flags = process.execArgv.includes('--single-threaded') ? '-single' : '';

/** The `require` of the bundles. Each bundle is loaded at most once. */
function load(path: string): unknown {
  if (!cachedBundles.includes(path)) return require(path);
  const filename = `${__dirname}/${path.slice(2)}`;
  const cachedData = readIfExists(`${filename}.${process.version}-${process.arch}${flags}.cache`);
  const script = new Script(readFileSync(filename, 'utf8'), {
    filename,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, load, module, filename, __dirname);
  return module.exports;
}

/**
 * Reads a file with functions of Node that the netlink socket needs too: each further one costs a
 * compilation.
 */
function readIfExists(file: string): Uint8Array | undefined {
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

/** The oldest version of Node that the program runs on. */
const OLDEST = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  const found = `this is ${process.version} (${process.execPath})`;
  writeSync(2, `ipvsadm: needs Node.js ${OLDEST} or later, but ${found}: put a newer node first in PATH\n`);
  process.exitCode = 2;
} else {
  load('./classic.js');
}
