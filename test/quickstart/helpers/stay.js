const { spawn } = require('node:child_process');

/**
 * Does `work` in a process that stays when this one ends, and ends with what the work prints: a daemon
 * that is ready, or connections that stay open. `work` returns a text, or a promise of one.
 */
function stay(file, work) {
  if (process.send) {
    Promise.resolve(work()).then((text) => process.send(text, () => process.disconnect()));
    setInterval(() => {}, 1_000_000);
    return;
  }
  const child = spawn(process.execPath, [file, ...process.argv.slice(2)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.once('exit', (status) => process.exit(status ?? 1));
  child.once('message', (text) => {
    process.stdout.write(text);
    child.removeAllListeners('exit');
    child.disconnect();
    child.unref();
  });
}

module.exports = { stay };
