#!/usr/bin/env node
// traffic ADDRESS:PORT [PATIENCE]: clients of a web server, in the background. A new connection every 20 ms has one
// request, which is late after 250 ms and lost after 3 s, or when it is refused or reset. 20 long
// connections ask every 100 ms; one that is cut, or has no answer for PATIENCE seconds (3), is counted, and
// opened again.
//
//   traffic report     what happened since /tmp/event was touched
//   traffic renew N    from now on users of long connections leave after N seconds, and others come
//   traffic end        what happened in all; ends the clients
const { statSync } = require('node:fs');
const { connect, createServer } = require('node:net');
const { target } = require('./connections.js');
const { stay } = require('./stay.js');

const SOCKET = '/tmp/traffic.sock';
const NEW = { every: 20, late: 250, limit: 3000 };
const [first, second] = process.argv.slice(2);
const LONG = { count: 20, every: 100, limit: Number(second ?? 3) * 1000 };

/** Of each request of a new connection: when it began, and `ok`, `late` or why it is lost. */
const requests = [];
/** When long connections were cut. */
const cuts = [];
const long = new Set();

function ask(to) {
  const request = { at: Date.now(), outcome: undefined };
  requests.push(request);
  const socket = connect(to);
  const end = (outcome) => {
    request.outcome ??= outcome;
    socket.destroy();
  };
  const limit = setTimeout(() => end('unanswered'), NEW.limit);
  socket.on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
  socket.on('data', () => end(Date.now() - request.at > NEW.late ? 'late' : 'ok'));
  socket.on('error', ({ code }) => end(code === 'ECONNREFUSED' ? 'refused' : 'reset'));
  socket.on('close', () => {
    clearTimeout(limit);
    end('reset');
  });
}

/** A long connection: `left` when its user has gone, for another one. */
function talk(to) {
  const one = { left: false, answered: false, waits: 0 };
  long.add(one);
  const socket = connect(to);
  one.leave = () => {
    one.left = true;
    long.delete(one);
    socket.end();
    talk(to);
  };
  const timer = setInterval(() => {
    if (one.left) return;
    one.waits += LONG.every;
    if (one.waits > LONG.limit) socket.destroy();
    else socket.write('GET / HTTP/1.1\r\n\r\n');
  }, LONG.every);
  socket.on('data', () => {
    one.answered = true;
    one.waits = 0;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(timer);
    if (one.left) return;
    long.delete(one);
    if (one.answered) cuts.push(Date.now());
    setTimeout(() => talk(to), LONG.every);
  });
}

function renew(seconds) {
  setInterval(() => [...long].find(({ answered }) => answered)?.leave(), (seconds * 1000) / LONG.count);
  return `users of long connections leave after ${seconds} s, and others come\n`;
}

function report(since, event) {
  const done = requests.filter(({ at, outcome }) => at >= since && outcome !== undefined);
  const lost = done.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'late');
  const late = done.filter(({ outcome }) => outcome === 'late').length;
  const cut = cuts.filter((at) => at >= since).length;
  const kinds = [...new Set(lost.map(({ outcome }) => outcome))].map(
    (kind) => `${lost.filter(({ outcome }) => outcome === kind).length} ${kind}`,
  );
  const last =
    event && lost.length > 0
      ? `, the last one ${((lost.at(-1).at - since) / 1000).toFixed(1)} s after it`
      : '';
  const how = lost.length === 0 ? 'none lost' : `${lost.length} lost (${kinds.join(', ')})${last}`;
  const slow = late === 0 ? '' : `; ${late} late`;
  const stayed =
    cut === 0 ? `none of ${LONG.count} was cut` : `${cut} of ${LONG.count} were cut, and opened again`;
  return `${event ? 'since the event' : 'in all'}: ${done.length} requests, ${how}${slow}\nlong connections: ${stayed}\n`;
}

const orders = {
  report: () => report(statSync('/tmp/event').mtimeMs, true),
  renew: (seconds) => renew(Number(seconds)),
  end: () => report(0, false),
};

/** Clients that take orders at a socket. */
async function start() {
  const [[host], [port]] = target(first);
  const to = { host, port, noDelay: true };
  createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const [order, word] = data.toString().trim().split(' ');
      socket.end(orders[order](word), () => order === 'end' && process.exit());
    });
  }).listen(SOCKET);
  for (let count = 0; count < LONG.count; count += 1) talk(to);
  setInterval(() => ask(to), NEW.every);
  while ([...long].filter(({ answered }) => answered).length < LONG.count) {
    await new Promise((resolve) => setTimeout(resolve, LONG.every));
  }
  return (
    `a connection every ${NEW.every} ms: late after ${NEW.late} ms, lost after ${NEW.limit / 1000} s\n` +
    `${LONG.count} long ones that ask every ${LONG.every} ms\n`
  );
}

if (Object.hasOwn(orders, first)) {
  connect(SOCKET, function () {
    this.end(`${first} ${second ?? ''}\n`);
  }).pipe(process.stdout);
} else {
  stay(__filename, start);
}
