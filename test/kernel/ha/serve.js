// A server for count.js: sends back what it receives, and closes after an `r`.
const { createServer } = require('node:net');

createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => (data[0] === 0x72 ? socket.end(data) : socket.write(data)));
}).listen(Number(process.argv[2]));
