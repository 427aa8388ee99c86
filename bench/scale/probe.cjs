// Loaded into the daemon before it starts (NODE_OPTIONS=--require): measures its event loop from
// within, apart from what the daemon says of itself. Whoever connects to $SCALE_PROBE and says what he
// wants gets a line of JSON: `figures` since the last time, `memory` also what is left after a garbage
// collection, which is not counted; `profile` begins a profile, or ends it and writes $SCALE_PROBE.cpuprofile.
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const { createServer } = require('node:net');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const BEAT = 5;

/** How late a beat is, and how much of the processor was used meanwhile. */
class Beats {
  constructor() {
    this.reset();
    setInterval(() => this.beat(), BEAT).unref();
  }

  reset() {
    this.late = [];
    this.busy = [];
    this.begun = this.last = performance.now();
    this.cpuBegun = process.cpuUsage();
    this.cpuLast = this.cpuBegun.user + this.cpuBegun.system;
  }

  beat() {
    const now = performance.now();
    const { user, system } = process.cpuUsage();
    this.late.push(Math.max(0, now - this.last - BEAT));
    this.busy.push((user + system - this.cpuLast) / 1000);
    this.last = now;
    this.cpuLast = user + system;
  }

  figures() {
    this.beat();
    const { user, system } = process.cpuUsage(this.cpuBegun);
    return {
      late: spread(this.late),
      busy: spread(this.busy),
      seconds: (performance.now() - this.begun) / 1000,
      cpuSeconds: (user + system) / 1e6,
      systemSeconds: system / 1e6,
    };
  }
}

function spread(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

function main() {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const beats = new Beats();
  let session;

  function memory() {
    const rssMB = process.memoryUsage().rss / 1e6;
    gc();
    return { rssMB, heapMB: process.memoryUsage().heapUsed / 1e6 };
  }

  function profile() {
    if (!session) {
      session = new Session();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.start');
      return;
    }
    session.post('Profiler.stop', (_, { profile }) => {
      writeFileSync(`${process.env.SCALE_PROBE}.cpuprofile`, JSON.stringify(profile));
    });
  }

  createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const order = String(data);
      const figures = beats.figures();
      if (order === 'memory') Object.assign(figures, memory());
      if (order === 'profile') profile();
      socket.end(`${JSON.stringify(figures)}\n`);
      beats.reset();
    });
  })
    .listen(process.env.SCALE_PROBE)
    .unref();
}

if (process.env.SCALE_PROBE && process.argv.includes('run')) main();
