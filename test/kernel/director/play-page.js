// Plays the examples of a page in the guest. Standard input: JSON with the steps; standard output: for each
// command a line of JSON with what it printed. The machines are network namespaces with a shell each, so that `$!` is
// the process that the page began there.
const { spawn } = require('node:child_process');
const { readFileSync, writeFileSync, writeSync } = require('node:fs');
const { masked } = require('./masked.js');

/** Commands that only look: what they wait for comes within some seconds, as on a page with people. */
const LOOKS = /^(cat|wget|ipvsadm (-S|health( [^c]|$)|monitor|director (status|history)))/;
const PATIENCE = 40_000;
const PAUSE = 300;
/** No command of a page takes longer. */
const LIMIT = 90_000;

class Machine {
  #text = '';
  #heard = () => {};

  constructor(name) {
    this.shell = spawn('ip', ['netns', 'exec', name, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.shell.stdout.on('data', (data) => {
      this.#text += data;
      this.#heard();
    });
    this.shell.stdin.write(`exec 2>&1\nmount --bind /tmp/srv/${name} /srv\n`);
  }

  /** Runs a command. @returns its output without the last newline. */
  async run(command) {
    this.#text = '';
    this.shell.stdin.write(`{ ${command}\n} </dev/null\nprintf '\\037'\n`);
    const limit = setTimeout(() => this.shell.stdout.emit('data', '\n(it does not end)\x1f'), LIMIT);
    while (!this.#text.includes('\x1f')) {
      await new Promise((resolve) => {
        this.#heard = resolve;
      });
    }
    clearTimeout(limit);
    return this.#text.split('\x1f')[0].replace(/\n$/, '');
  }
}

function agrees(output, shown) {
  const lines = masked(output).split('\n');
  const wanted = masked(shown).split('\n');
  if (wanted.at(-1) !== '...') return lines.join('\n') === wanted.join('\n');
  return wanted.slice(0, -1).every((line, index) => line === lines[index]);
}

async function main({ steps, fill }) {
  const machines = new Map();
  for (const { file, text, place, command, shown } of steps) {
    if (file) {
      writeFileSync(file, text);
      continue;
    }
    if (!machines.has(place)) machines.set(place, new Machine(place));
    const machine = machines.get(place);
    const looks = LOOKS.test(command);
    const end = Date.now() + PATIENCE;
    let output = await machine.run(command);
    while (looks && !agrees(output, shown) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      output = await machine.run(command);
    }
    writeSync(1, `${JSON.stringify(agrees(output, shown) && !fill ? shown : output)}\n`);
  }
  process.exit();
}

main(JSON.parse(readFileSync(0, 'utf8')));
