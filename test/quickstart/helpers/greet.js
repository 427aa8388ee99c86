#!/usr/bin/env node
// greet NAME FIRST[-LAST]: says NAME to whoever connects to one of the ports, and waits until he goes.
// Returns when all ports are open, and stays in the background.
const { createServer } = require('node:net');
const { stay } = require('./stay.js');

const [name, ports] = process.argv.slice(2);
const [first, last = first] = ports.split('-').map(Number);

function listen(port) {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.on('error', () => {}).write(`${name}\n`));
    server.listen({ port, host: '::', backlog: 511 }, resolve);
  });
}

stay(__filename, async () => {
  for (let port = first; port <= last; port += 1) await listen(port);
  return '';
});
