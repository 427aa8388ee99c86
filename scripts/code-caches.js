// Writes V8's code caches of the bundles in dist/, for the Node that runs it. The build bundles this
// file as dist/install/code-caches.cjs, which the build itself and the installation of the npm
// package run:
//
//   code-caches.cjs                 all caches, each in a process with the flags of the launcher
//   code-caches.cjs BUNDLE CACHE    one of them
//
// It runs common commands first, so that the functions they need are compiled. The commands run on the
// fake kernel: the netlink addon and the file calls on its socket are replaced.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { join, resolve } = require('node:path');
const { Script } = require('node:vm');
const { FakeKernel } = require('../src/testing/fake-kernel');

const dist = join(__dirname, '..');
const bundles = ['classic.js', 'commands.js'];

/**
 * The V8 flags that bin/ipvsadm-node sets, by the suffix that cached-start.ts uses for caches made
 * with them.
 */
const flagSets = { '': [], '-single': ['--single-threaded', '--max-inlined-bytecode-size-cumulative=200'] };

/** What others may not do with caches: cached-start.ts does not load them otherwise. */
const WRITE_BY_OTHERS = 0o022;

function writeAll() {
  fs.chmodSync(dist, fs.statSync(dist).mode & 0o7777 & ~WRITE_BY_OTHERS);
  for (const bundle of bundles) {
    for (const [suffix, flags] of Object.entries(flagSets)) {
      const cache = join(dist, `${bundle}.${process.version}-${process.arch}${suffix}.cache`);
      const args = ['--no-rehash-snapshot', ...flags, __filename, join(dist, bundle), cache];
      execFileSync(process.execPath, args, { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
    }
  }
}

const [bundle = '', cache = ''] = process.argv.slice(2);

const runs = bundle.endsWith('commands.js')
  ? [
      'service add --tcp 10.0.0.1:80 --scheduler wrr',
      'list --numeric',
      'list --bogus',
      'version',
      'restore --check --no-trial -',
      'diff -',
    ]
  : [
      '-v',
      '-A -t 10.0.0.1:80 -s wrr -p 300',
      '-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 2',
      '-R',
      '-E -t 10.0.0.1:80 -s rr',
      '-ln',
      '-Ln --stats',
      '-Sn',
      '-e -t 10.0.0.1:80 -r 10.0.0.2:8080 -m',
      '-d -t 10.0.0.1:80 -r 10.0.0.2:8080',
      '-D -t 10.0.0.1:80',
      '-Z',
      '--set 900 120 300',
      '-C',
    ];

/** The statuses of those that do not end with 0. */
const statuses = { 'list --bogus': 2, 'diff -': 1 };

/** What is on standard input, by the last argument. */
const inputs = {
  '-R': '-A -f 7 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 1\n-a -t 10.0.0.1:80 -r 10.0.0.4:80 -m -w 1\n',
  '-': `{
  "format": "ipvsadm-state",
  "version": 1,
  "services": [
    {"protocol":"tcp","address":"10.0.0.2","port":80,"scheduler":"wrr","servers":[
      {"address":"10.0.0.3","port":80,"forwarding":"masquerading"}
    ]}
  ]
}
`,
};

const SOCKET = 1_000_000;
const READ_ONLY = 30;
const kernel = new FakeKernel();
let transport;
let input = '';

const fakeFs = {
  ...fs,
  /** What the administrator of this machine has set has no part in it. */
  readFileSync(path, ...rest) {
    if (String(path).startsWith('/etc/ipvsadm/')) throw new Error(`${path} is not for the fake kernel`);
    return fs.readFileSync(path, ...rest);
  },
  /** A history of the fake kernel would be one of this machine. */
  mkdirSync(path) {
    throw Object.assign(new Error(`${path} is not to be made`), { errno: -READ_ONLY });
  },
  openSync: (path, ...rest) => (path === '/' ? SOCKET : fs.openSync(path, ...rest)),
  closeSync: (descriptor) => descriptor === SOCKET || fs.closeSync(descriptor),
  fstatSync: (descriptor) => (descriptor === SOCKET ? { isSocket: () => true } : fs.fstatSync(descriptor)),
  writeSync(descriptor, bytes, ...rest) {
    if (descriptor !== SOCKET) return bytes.length - (rest[0] ?? 0);
    transport.send(bytes);
    return bytes.length;
  },
  readSync(descriptor, buffer) {
    const bytes = descriptor === SOCKET ? transport.receive() : Buffer.from(input);
    if (descriptor !== SOCKET) input = '';
    buffer.set(bytes);
    return bytes.length;
  },
};

process.dlopen = (module) => {
  module.exports = {
    NativeNetlink: class {
      setRecvBufferSize() {}
      setSendBufferSize() {}
      getRecvBufferSize() {
        return 1 << 20;
      }
      close() {}
    },
  };
};

function fakeRequire(path) {
  if (path === 'node:fs') return fakeFs;
  return require(path.startsWith('./') ? resolve(bundle, '..', path) : path);
}

async function writeOne() {
  const script = new Script(fs.readFileSync(bundle, 'utf8'), { filename: bundle });
  for (const line of runs) {
    const args = line.split(' ');
    transport = kernel.open();
    input = inputs[args.at(-1)] ?? '';
    process.argv = [process.execPath, bundle, ...args];
    const module = { exports: {} };
    script.runInThisContext()(module.exports, fakeRequire, module, bundle, resolve(bundle, '..'));
    const status = module.exports.done
      ? await module.exports.done.then(() => process.exitCode ?? 0)
      : await module.exports.runOnNode(args);
    if (status !== (statuses[line] ?? 0)) throw new Error(`${line} ended with ${status}`);
  }
  fs.rmSync(cache, { force: true });
  fs.writeFileSync(cache, script.createCachedData(), { mode: 0o644 });
  fs.chmodSync(cache, 0o644);
  process.exitCode = 0;
}

async function main() {
  if (bundle === '') writeAll();
  else await writeOne();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
