/**
 * Starts the program from V8's code cache: compiling the bundles takes longer than running most
 * commands. The build and the installation of the npm package (scripts/code-caches.js) write the
 * caches for one version of Node; with any other version the bundles are compiled.
 */
import type * as ChildProcess from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';
import { Script } from 'node:vm';
import { readTrusted } from './trusted-file';

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

/**
 * V8 accepts a cache only from a process with the same flags; bin/ipvsadm-node has two sets of
 * flags.
 */
const flags = process.execArgv.includes('--single-threaded') ? '-single' : '';

/** The `require` of the bundles. Each bundle is loaded at most once. */
function load(path: string): unknown {
  if (!cachedBundles.includes(path)) return require(path);
  const bundle = path.slice(2);
  const filename = `${__dirname}/${bundle}`;
  const cachedData = readTrusted(__dirname, `${bundle}.${process.version}-${process.arch}${flags}.cache`);
  const script = new Script(readFileSync(filename, 'utf8'), {
    filename,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, load, module, filename, __dirname);
  return module.exports;
}

/**
 * Gives a command line back to the native program, which hands over what is to be kept for undo: it goes
 * on without that.
 * @returns its exit status.
 */
function runNative(program: string, name: string | undefined): number {
  const { spawnSync } = require('node:child_process') as typeof ChildProcess;
  const { status } = spawnSync(program, process.argv.slice(2), { stdio: 'inherit', argv0: name ?? program });
  return status ?? 1;
}

/** The oldest version of Node that the program runs on. */
const OLDEST = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  const { IPVSADM_NATIVE: native, IPVSADM_PROGRAM: name } = process.env;
  const found = `this is ${process.version} (${process.execPath})`;
  if (native) process.exitCode = runNative(native, name);
  else {
    writeSync(2, `ipvsadm: needs Node.js ${OLDEST} or later, but ${found}: put a newer node first in PATH\n`);
    process.exitCode = 2;
  }
} else {
  load('./classic.js');
}
