const { connect } = require('node:net');

const PATIENCE = 3000;

/** Opens a TCP connection. @returns the name that the server says, or what happened instead. */
function open(options, keep) {
  return new Promise((resolve) => {
    const socket = connect(options);
    const end = (answer) => {
      if (!keep) socket.destroy();
      socket.setTimeout(0);
      resolve(answer);
    };
    socket.setTimeout(PATIENCE, () => end('no answer'));
    socket.on('data', (data) => end(data.toString().trim()));
    socket.on('error', ({ code }) => end(code === 'ECONNREFUSED' ? 'refused' : code));
  });
}

/** 'real1 4, real2 8' */
function counted(answers) {
  const counts = new Map();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([answer, count]) => `${answer} ${count}`)
    .join(', ');
}

/** '10.0.4.1-60' is 60 addresses; '10.0.0.13' is one. */
function addresses(text) {
  const [, start, first, last] = /^(.*[.:])(\d+)-(\d+)$/.exec(text) ?? [];
  if (start === undefined) return [text];
  return Array.from(
    { length: Number(last) - Number(first) + 1 },
    (_, index) => start + (Number(first) + index),
  );
}

/** '10.0.0.13:80,443' is [['10.0.0.13'], [80, 443]]. */
function target(text) {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return [
    addresses(host),
    text
      .slice(colon + 1)
      .split(',')
      .map(Number),
  ];
}

module.exports = { addresses, counted, open, target };
