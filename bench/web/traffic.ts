/** A client: so many connections a second, to the services in turn. Arguments: services, rate. */
import { connect } from 'node:net';
import { serviceAddress } from '../scale/document';

const [SERVICES = 0, RATE = 0] = process.argv.slice(2).map(Number);
const BEAT = 50;
let next = 0;

setInterval(() => {
  for (let left = (RATE * BEAT) / 1000; left > 0; left--) {
    const socket = connect(80, serviceAddress(next++ % SERVICES), () => socket.end());
    socket.on('error', () => socket.destroy()).resume();
  }
}, BEAT);
