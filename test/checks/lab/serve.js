// A server in the lab: `node serve.js udp|tcp PORT TEXT` answers everything with TEXT; `silent PORT` answers no datagram.
const [, , transport, port, text] = process.argv;
if (transport !== 'tcp') {
  const socket = require('node:dgram').createSocket('udp4').bind(Number(port));
  if (transport === 'udp') socket.on('message', (_, from) => socket.send(text, from.port, from.address));
} else {
  require('node:net')
    .createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(text)))
    .listen(Number(port), '::');
}
