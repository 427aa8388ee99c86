// absent.js PID IPV4 IPV6-AS-DIGITS: looks every 20 ms whether the addresses are in the network namespace of
// a process. SIGUSR1: a mark. SIGUSR2: prints for each when it went after the mark, in ms, and how often it
// was missing before.
const { readFileSync } = require('node:fs');

const [pid, ipv4, ipv6] = process.argv.slice(2);
const addresses = [
  { file: 'fib_trie', text: new RegExp(`-- ${ipv4}\n *\\/32 host LOCAL`) },
  { file: 'if_inet6', text: new RegExp(`^${ipv6} `, 'm') },
].map((one) => ({ ...one, missing: 0, gone: undefined }));
let mark;

setInterval(() => {
  for (const one of addresses) {
    if (one.text.test(readFileSync(`/proc/${pid}/net/${one.file}`, 'latin1'))) continue;
    if (mark === undefined) one.missing += 1;
    else one.gone ??= Math.round(performance.now() - mark);
  }
}, 20);
process.on('SIGUSR1', () => {
  mark = performance.now();
});
process.on('SIGUSR2', () => {
  console.log(JSON.stringify(addresses.map(({ missing, gone }) => ({ missing, gone }))));
  process.exit();
});
