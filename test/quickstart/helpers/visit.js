#!/usr/bin/env node
// visit TIMES ADDRESS:PORT[,PORT] [FROM]: connects TIMES times to each address (10.9.1.1-40: to forty)
// and port from each address of FROM, and prints how many pairs of addresses had one server each time,
// and the servers' shares.
const { addresses, counted, open, target } = require('./connections.js');

const [times, to, from] = process.argv.slice(2);
const [hosts, ports] = target(to);
const sources = from === undefined ? [undefined] : addresses(from);

async function main() {
  const servers = new Map();
  for (let turn = 0; turn < Number(times); turn += 1) {
    for (const host of hosts) {
      for (const localAddress of sources) {
        const pair = `${localAddress} ${host}`;
        for (const port of ports) {
          const answer = await open({ host, port, localAddress });
          servers.set(pair, [...(servers.get(pair) ?? []), answer]);
        }
      }
    }
  }
  const constant = [...servers.values()].filter((answers) => new Set(answers).size === 1).length;
  const whose = hosts.length > 1 ? 'destinations' : 'clients';
  if (servers.size > 1) console.log(`${constant} of ${servers.size} ${whose} had one server each time`);
  console.log(counted([...servers.values()].flat()));
}

main();
