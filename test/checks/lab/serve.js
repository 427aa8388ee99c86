// A server in the lab: `node serve.js udp|tcp PORT TEXT` answers everything with TEXT; `silent PORT` answers no
// datagram, `tcp PORT grpc` is gRPC's health service.
const [, , transport, port, text] = process.argv;
if (transport !== 'tcp') {
  const socket = require('node:dgram').createSocket('udp4').bind(Number(port));
  if (transport === 'udp') socket.on('message', (_, from) => socket.send(text, from.port, from.address));
} else if (text === 'grpc') {
  const server = require('node:http2').createServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  });
  server.listen(Number(port), '::');
} else {
  require('node:net')
    .createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(text)))
    .listen(Number(port), '::');
}
