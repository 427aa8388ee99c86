// The two ends of long-lived TCP connections that speak often, for tests that count which survive.
//
//   talk.js serve PORT                       sends back what it receives
//   talk.js talk ADDRESS PORT CONNECTIONS    prints "ready" once every connection was answered; on
//                                            SIGUSR2 why connections ended, and how many are left
const { connect, createServer } = require('node:net');

const INTERVAL = 50;
/** Longer than the kernel takes to send again what was lost, in milliseconds. */
const PATIENCE = 20_000;

function serve(port) {
  createServer((socket) => {
    socket.on('data', (data) => socket.write(data)).on('error', () => socket.destroy());
  }).listen(Number(port));
}

function talk(address, port, count) {
  const connections = Array.from({ length: Number(count) }, () => open(address, Number(port)));
  const timer = setInterval(() => {
    if (!connections.every(({ answered }) => answered > 0)) return;
    console.log('ready');
    clearInterval(timer);
  }, INTERVAL);
  process.once('SIGUSR2', () => {
    for (const connection of connections) connection.wanted = connection.spoken + 1;
    const alive = ({ answered, wanted }) => answered >= wanted;
    const end = Date.now() + PATIENCE;
    setInterval(() => {
      if (Date.now() < end && !connections.every((one) => one.closed || alive(one))) return;
      for (const one of connections) {
        if (alive(one)) continue;
        const { spoken, answered, end: why = 'silent' } = one;
        console.log(`lost: ${why} after ${answered} of ${spoken} answers`);
      }
      console.log(connections.filter(alive).length);
      process.exit();
    }, INTERVAL);
  });
  setInterval(() => {}, PATIENCE); // the signal ends it, even if no connection is left
}

/** A connection that sends a byte each INTERVAL, and how many were sent and came back. */
function open(address, port) {
  const connection = { spoken: 0, answered: 0, wanted: 0, closed: false };
  const socket = connect({ host: address, port, noDelay: true });
  const timer = setInterval(() => {
    connection.spoken += 1;
    socket.write('.');
  }, INTERVAL);
  socket.on('data', (data) => {
    connection.answered += data.length;
  });
  socket.on('error', ({ code }) => {
    connection.end = code; // followed by close
  });
  socket.on('close', () => {
    connection.closed = true;
    connection.end ??= 'closed';
    clearInterval(timer);
  });
  return connection;
}

const [mode, ...rest] = process.argv.slice(2);
({ serve, talk })[mode](...rest);
