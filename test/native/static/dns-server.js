/** A DNS server on 127.0.0.1 for the names of names.test.ts: A, AAAA and PTR. Prints `ready`. */
const { createSocket } = require('node:dgram');

const A = 1;
const PTR = 12;

/** By name in lower case: type and data. */
const records = {
  'dns.example.com': [A, Buffer.from([192, 0, 2, 31])],
  'sub.dotted.example.com': [A, Buffer.from([192, 0, 2, 32])],
  'sub.dotted.second.example': [A, Buffer.from([192, 0, 2, 33])],
  'absolute.test': [A, Buffer.from([192, 0, 2, 34])],
  '41.2.0.192.in-addr.arpa': [PTR, labels('reverse.example.com')],
  [`1.4.0.0.${'0.'.repeat(20)}8.b.d.0.1.0.0.2.ip6.arpa`]: [PTR, labels('reverse6.example.com')],
};

function labels(name) {
  const parts = name.split('.').map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** Returns the name of a question, and where it ends. */
function readName(message, start) {
  const parts = [];
  let at = start;
  while (message[at] !== 0) {
    parts.push(message.toString('latin1', at + 1, at + 1 + message[at]));
    at += message[at] + 1;
  }
  return { name: parts.join('.').toLowerCase(), end: at + 1 };
}

const socket = createSocket('udp4');
socket.on('message', (query, from) => {
  const { name, end } = readName(query, 12);
  const type = query.readUInt16BE(end);
  const record = records[name];
  const found = record !== undefined && record[0] === type;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(record === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const parts = [header, query.subarray(12, end + 4)];
  if (found) {
    const answer = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, record[1].length]);
    parts.push(answer, record[1]);
  }
  socket.send(Buffer.concat(parts), from.port, from.address);
});
socket.bind(53, '127.0.0.1', () => console.log('ready'));
