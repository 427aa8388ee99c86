// A client that counts what a failover costs, and who has the VIP meanwhile.
//
//   count.js ADDRESS PORT CONNECTIONS PID...
//
// Makes a request on a new connection every 20 ms, each within 250 ms; keeps long connections and speaks
// on each every 100 ms; looks every 50 ms in which network namespaces (of the processes) the address is.
// Prints `ready` when all long connections were answered. SIGUSR1 marks the event. SIGUSR2 ends it: it
// prints one line of JSON about what was after the mark. Times are milliseconds since the mark.
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');

const [address, portText, count, ...pids] = process.argv.slice(2);
const port = Number(portText);
const EVERY = 20;
const LIMIT = 250;
const SAMPLE = 50;
const SPEAK = 100;
/** Longer than the kernel takes to send again what was lost. */
const PATIENCE = 8000;

const now = () => performance.now();
let mark = now();
const requests = [];
const samples = [];

function request() {
  const one = { at: now(), ok: undefined };
  requests.push(one);
  const socket = connect({ host: address, port, noDelay: true });
  const end = (ok) => {
    one.ok ??= ok;
    clearTimeout(timer);
    socket.destroy();
  };
  const timer = setTimeout(() => end(false), LIMIT);
  socket.on('connect', () => socket.write('r'));
  socket.on('data', () => end(true));
  socket.on('error', () => end(false));
  socket.on('close', () => end(false));
}

/** In how many of the namespaces the address is. */
function sample() {
  const holders = pids.flatMap((pid, index) => {
    const at = has(pid);
    return at ? [index + 1] : [];
  });
  samples.push({ at: now(), holders });
}

const local = new RegExp(`-- ${address.replaceAll('.', '[.]')}\\n *\\/32 host LOCAL`);

function has(pid) {
  try {
    return address.includes(':')
      ? readFileSync(`/proc/${pid}/net/if_inet6`, 'latin1').includes(bare(address))
      : local.test(readFileSync(`/proc/${pid}/net/fib_trie`, 'latin1'));
  } catch {
    return false;
  }
}

function bare(ipv6) {
  const [head, tail = ''] = ipv6.split('::');
  const groups = (text) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => group.padStart(4, '0'));
  const [before, after] = [groups(head), groups(tail)];
  return [...before, ...Array(8 - before.length - after.length).fill('0000'), ...after].join('');
}

function open() {
  const connection = { spoken: 0, answered: 0, closed: false };
  const socket = connect({ host: address, port, noDelay: true });
  const timer = setInterval(() => {
    connection.spoken += 1;
    socket.write('.');
  }, SPEAK);
  socket.on('data', (data) => {
    connection.answered += data.length;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    connection.closed = true;
    clearInterval(timer);
  });
  return connection;
}

function outageOf(all) {
  let [began, longest] = [undefined, 0];
  for (const { at, ok } of all) {
    if (ok === false) began ??= at;
    else if (ok && began !== undefined) {
      longest = Math.max(longest, at - began);
      began = undefined;
    }
  }
  return Math.round(began === undefined ? longest : Math.max(longest, now() - began));
}

function report(connections) {
  const since = requests.filter(({ at }) => at >= mark);
  const lost = since.filter(({ ok }) => ok === false);
  const back = lost.length === 0 ? undefined : since.find(({ at, ok }) => ok && at > lost.at(-1).at);
  const after = samples.filter(({ at }) => at >= mark);
  const odd = after.filter(({ holders }) => holders.length !== 1);
  const time = (number) => after.filter(({ holders }) => holders.length === number).length * SAMPLE;
  return {
    requests: since.length,
    lost: lost.length,
    // From the first request that was lost to the first that was served again.
    gap: lost.length === 0 ? 0 : back ? Math.round(back.at - lost[0].at) : -1,
    // The longest time from a request that was lost to the next one that was served.
    outage: outageOf(since),
    servedAgain: lost.length === 0 ? 0 : back ? Math.round(back.at - mark) : -1,
    // The VIP: how long it was nowhere, how long on several, and when it was on exactly one for good.
    nowhere: time(0),
    several: after.filter(({ holders }) => holders.length > 1).length * SAMPLE,
    oneAt: odd.length === 0 ? 0 : Math.round(odd.at(-1).at - mark) + SAMPLE,
    at: after.at(-1)?.holders ?? [],
    long: connections.filter(({ answered, wanted }) => answered >= wanted).length,
  };
}

const connections = Array.from({ length: Number(count) }, open);
const waiting = setInterval(() => {
  if (!connections.every(({ answered }) => answered > 0)) return;
  clearInterval(waiting);
  console.log('ready');
}, 50);
const requesting = setInterval(request, EVERY);
const sampling = setInterval(sample, SAMPLE);
process.on('SIGUSR1', () => {
  mark = now();
});
process.on('SIGUSR2', () => {
  clearInterval(requesting);
  clearInterval(sampling);
  for (const connection of connections) connection.wanted = connection.spoken + 1;
  const end = now() + PATIENCE;
  setInterval(() => {
    const done = connections.every(({ closed, answered, wanted }) => closed || answered >= wanted);
    if (!done && now() < end) return;
    if (requests.some(({ ok }) => ok === undefined) && now() < end) return;
    console.log(JSON.stringify(report(connections)));
    process.exit();
  }, 50);
});
