// Runs checks of dist/checks.js in the lab, one after the other, and prints what they found:
//   node check.js VIP:PORT (RIP:PORT CHECK)...   CHECK is JSON; what it lacks has a default
const { openSync } = require('node:fs');
const { join } = require('node:path');
const { isIPv6 } = require('node:net');
const { runCheck } = require(join(__dirname, '../../../dist/checks.js'));

const [, , vip, ...pairs] = process.argv;
const http = {
  ...{ path: '/', method: 'GET', version: '1.1', headers: {}, status: [[200, 299]], body: [], not: [] },
  ...{ answerHeaders: {}, json: [], digest: [] },
};
const timing = { interval: 2000, fast: 500, slow: 5000, timeout: 3000, fall: 3, rise: 2, initial: 'unknown' };

function bytesOf(address) {
  if (!isIPv6(address)) return Uint8Array.from(address.split('.').map(Number));
  const [head, tail = ''] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const groups = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}

function end(text) {
  const [, address, port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(text);
  const bytes = bytesOf(address);
  return { family: bytes.length === 4 ? 2 : 10, address: bytes, port: Number(port) };
}

async function run(server, json) {
  const check = { via: 'server', ...timing, ...http, ...JSON.parse(json) };
  const service = { name: 'web', service: { key: { kind: 'address', protocol: 6, ...end(vip) } } };
  const target = { service, server: { name: 'server', server: end(server) } };
  const { ok, stage, message, ours, answer } = await runCheck(check, target);
  const last = check.show && answer ? ` ${JSON.stringify(answer.split('\n').at(-2))}` : '';
  console.log(`${ok ? 'ok' : `${stage}${ours ? ' (ours)' : ''}`}: ${message}${last}`);
}

(async () => {
  // Without descriptors: all that the limit leaves are taken.
  if (process.env.FILL) {
    try {
      for (;;) openSync('/dev/null');
    } catch {}
  }
  for (let at = 0; at < pairs.length; at += 2) await run(pairs[at], pairs[at + 1]);
})();
