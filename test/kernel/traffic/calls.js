// Opens TCP connections from given addresses and ports, and prints which real server the kernel chose
// for each, as /proc/net/ip_vs_conn has it.
//
//   calls.js VIP PORT <calls     lines of standard input: ADDRESS PORT
//                                lines of output: ADDRESS PORT SERVER, or - for SERVER
const { readFileSync } = require('node:fs');
const { connect, createServer } = require('node:net');

/** As many at once as the kernel keeps entries of, without ending the first. */
const AT_ONCE = 100;

function call(vip, port, localAddress, localPort) {
  return new Promise((resolve) => {
    const socket = connect({ host: vip, port, localAddress, localPort }, () => socket.destroy());
    socket.on('error', () => {}).on('close', resolve);
    setTimeout(() => socket.destroy(), 1000).unref();
  });
}

/** The chosen servers by client, as the kernel writes addresses: hexadecimal. */
function choices(vip) {
  const lines = readFileSync('/proc/net/ip_vs_conn', 'latin1').split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const [, source, port, virtual, , server, serverPort] = line.split(/\s+/);
      return [virtual === vip ? `${source} ${port}` : undefined, `${server} ${serverPort}`];
    }),
  );
}

const hexAddress = (text) =>
  text.includes(':')
    ? null
    : text
        .split('.')
        .map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'))
        .join('');
const hexPort = (port) => Number(port).toString(16).toUpperCase().padStart(4, '0');
const plain = (choice) => {
  if (choice === undefined) return '-';
  const [address, port] = choice.split(' ');
  return `${address
    .match(/../g)
    .map((part) => Number.parseInt(part, 16))
    .join('.')}:${Number.parseInt(port, 16)}`;
};

async function main(vip, port) {
  createServer((socket) => socket.on('error', () => {}).end()).listen(Number(port), '0.0.0.0');
  const calls = readFileSync(0, 'latin1')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  for (let at = 0; at < calls.length; at += AT_ONCE) {
    const some = calls.slice(at, at + AT_ONCE);
    await Promise.all(some.map(([address, from]) => call(vip, Number(port), address, Number(from))));
    const chosen = choices(hexAddress(vip));
    for (const [address, from] of some) {
      console.log(`${address} ${from} ${plain(chosen.get(`${hexAddress(address)} ${hexPort(from)}`))}`);
    }
  }
  process.exit();
}

main(...process.argv.slice(2));
