// Required by Node before the program (NODE_OPTIONS): kills the process with SIGKILL before its change of
// number KILL_BEFORE. A change is a netlink request that wants an ack, a write to /proc/sys, a file that is
// put in its place or removed, and a program that is run.
const childProcess = require('node:child_process');
const fs = require('node:fs');

const NLM_F_ACK = 4;
let left = Number(process.env.KILL_BEFORE);

function counted(object, name, isChange) {
  const real = object[name];
  object[name] = (...args) => {
    if (isChange(...args)) {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    }
    return real(...args);
  };
}

function writesKernel(descriptor, data) {
  if (descriptor <= 2) return false;
  if (typeof data === 'string') return true;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const isMessage = bytes.length >= 16 && bytes.readUInt32LE(0) <= bytes.length;
  return isMessage && (bytes.readUInt16LE(6) & NLM_F_ACK) !== 0;
}

counted(fs, 'writeSync', writesKernel);
counted(fs, 'renameSync', () => true);
counted(fs, 'rmSync', () => true);
counted(childProcess, 'spawnSync', () => true);
