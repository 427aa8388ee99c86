#!/usr/bin/env node
// serve NAME PORT [TEXT]: a web server whose only page says NAME and TEXT, and whose connections stay
// open while they are used. Returns when it listens, and stays in the background: its process id is in
// /tmp/NAME.pid.
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { stay } = require('./stay.js');

const [name, port, text = ''] = process.argv.slice(2);
const page = `this is ${name}${text && `, ${text}`}\n`;

// Without node:http, which takes more of the one processor than all the rest of the story.
function answer(socket) {
  socket.on('error', () => {});
  socket.on('data', (data) => {
    const requests = data.toString('latin1').split('\r\n\r\n').slice(0, -1);
    for (const request of requests) {
      const last = /^connection: close$/im.test(request) || / HTTP\/1\.0(\r|$)/.test(request);
      const head = `HTTP/1.1 200 OK\r\ncontent-length: ${page.length}\r\nconnection: ${last ? 'close' : 'keep-alive'}`;
      socket.write(`${head}\r\n\r\n${page}`);
      if (last) socket.end();
    }
  });
}

stay(
  __filename,
  () =>
    new Promise((resolve) => {
      createServer(answer).listen(Number(port), () => {
        writeFileSync(`/tmp/${name}.pid`, `${process.pid}\n`);
        resolve('');
      });
    }),
);
