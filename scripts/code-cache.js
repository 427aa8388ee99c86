// code-cache.js BUNDLE CACHE FAKE-KERNEL: writes V8's code cache of a bundle. It runs common
// commands first, so that the functions they need are compiled. The commands run on the tests' fake
// kernel: the netlink addon and the file calls on its socket are replaced.
const fs = require('node:fs');
const { resolve } = require('node:path');
const { Script } = require('node:vm');

const [bundle, cache, kernelFile] = process.argv.slice(2).map((file) => resolve(file));
const { FakeKernel } = require(kernelFile);

const runs = bundle.endsWith('commands.js')
  ? ['service add --tcp 10.0.0.1:80 --scheduler wrr', 'list --numeric', 'list --bogus', 'version']
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
const rules =
  '-A -f 7 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 1\n-a -t 10.0.0.1:80 -r 10.0.0.4:80 -m -w 1\n';

const SOCKET = 1_000_000;
const kernel = new FakeKernel();
let transport;
let input = '';

const fakeFs = {
  ...fs,
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

async function main() {
  const script = new Script(fs.readFileSync(bundle, 'utf8'), { filename: bundle });
  for (const line of runs) {
    const args = line.split(' ');
    transport = kernel.open();
    input = args[0] === '-R' ? rules : '';
    process.argv = [process.execPath, bundle, ...args];
    const module = { exports: {} };
    script.runInThisContext()(module.exports, fakeRequire, module, bundle, resolve(bundle, '..'));
    const status = module.exports.done
      ? await module.exports.done.then(() => process.exitCode ?? 0)
      : await module.exports.runOnNode(args);
    if (status !== (line.includes('--bogus') ? 2 : 0)) throw new Error(`${line} ended with ${status}`);
  }
  fs.writeFileSync(cache, script.createCachedData());
  process.exitCode = 0;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
