/**
 * Reads the large text argv[2] as a state, for a parent that limits the memory. Prints the numbers
 * of services and servers, and the problems.
 */
import { readState } from '../../src/state/files/read';
import { formatProblems } from '../../src/state/source/diagnostics';
import { testNames } from './test-names';
import { runIn } from './test-system';

const SERVICES = 1000;
const SERVERS = 100;

const addressOf = (service: number) => `10.0.${service >> 8}.${service & 255}`;
const serverOf = (server: number) => `172.16.0.${server}`;
const counted = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

function* services(text: (service: number) => string, separator = ''): Generator<string, void> {
  for (let service = 0; service < SERVICES; service++) yield (service > 0 ? separator : '') + text(service);
}

/** The parts of each text. */
const texts: Readonly<Record<string, () => Iterable<string>>> = {
  *'table.json'() {
    yield '{"format":"ipvsadm-state","version":1,"services":[';
    const server = (index: number) =>
      `${index > 0 ? ',' : ''}{"address":"${serverOf(index)}","port":8080,"forwarding":"masquerading","weight":${index}}`;
    yield* services(
      (service) =>
        `{"protocol":"tcp","address":"${addressOf(service)}","port":80,"servers":[${counted(SERVERS, server)}]}`,
      ',',
    );
    yield ']}';
  },
  *'table.yaml'() {
    yield 'format: ipvsadm-state\nversion: 1\nservices:\n';
    const server = (index: number) =>
      `      - address: ${serverOf(index)}\n        port: 8080\n        forwarding: masquerading\n        weight: ${index}\n`;
    yield* services(
      (service) =>
        `  - protocol: tcp\n    address: ${addressOf(service)}\n    port: 80\n    servers:\n${counted(SERVERS, server)}`,
    );
  },
  *'table.rules'() {
    const server = (service: number) => (index: number) =>
      `-a -t ${addressOf(service)}:80 -r ${serverOf(index)}:8080 -m -w ${index}\n`;
    yield* services(
      (service) => `-A -t ${addressOf(service)}:80 -s wlc\n${counted(SERVERS, server(service))}`,
    );
  },
  /** Each number takes two characters of the text. */
  *'numbers.json'() {
    yield '[1';
    for (let count = 0; count < 30; count++) yield ',1'.repeat(1_000_000);
    yield ']';
  },
  *'numbers.yaml'() {
    yield '[1';
    for (let count = 0; count < 7; count++) yield ', 1'.repeat(750_000);
    yield ']\n';
  },
  /** A text of one line, in a form of YAML that is left to the package. */
  *'words.yaml'() {
    yield 'format: "\\x41';
    for (let count = 0; count < 20; count++) yield ' abcdefghi'.repeat(100_000);
    yield '"\n';
  },
  /** A thousand services that share a list of a thousand servers. */
  *'shared.yaml'() {
    yield 'format: ipvsadm-state\nversion: 1\nservices:\n';
    yield `- {fwmark: 1, servers: &a [${counted(SERVICES, (index) => `{address: ${addressOf(index)}},`)}]}\n`.replace(
      ',]',
      ']',
    );
    for (let mark = 2; mark <= SERVICES; mark++) yield `- {fwmark: ${mark}, servers: *a}\n`;
  },
};

const name = process.argv[2]!;
const context = { programName: 'ipvsadm', posix: false, names: testNames };
const world = {
  args: [],
  openTransport() {
    throw new Error('reading a file needs no kernel');
  },
};

void runIn(world, async (system) => {
  const fileBlocks = function* () {
    for (const part of texts[name]!()) yield Buffer.from(part, 'latin1');
  };
  const read = await readState(name, { ...system, fileBlocks }, context, { complete: true });
  const { services: entries = [] } = read.state;
  const servers = entries.reduce((sum, entry) => sum + entry.servers.length, 0);
  process.stdout.write(`${entries.length} services, ${servers} servers\n`);
  process.stdout.write(formatProblems(read.source, read.problems));
  return 0;
});
