#!/usr/bin/env node
// hold N ADDRESS:PORT: opens N connections, one after the other, and keeps them all open in the
// background. Prints which server answered each, and how many each has.
const { counted, open, target } = require('./connections.js');
const { stay } = require('./stay.js');

const [count, to] = process.argv.slice(2);
const [[host], [port]] = target(to);

stay(__filename, async () => {
  const answers = [];
  while (answers.length < Number(count)) answers.push(await open({ host, port }, true));
  return `${answers.join(' ')}\n${counted(answers)}\n`;
});
