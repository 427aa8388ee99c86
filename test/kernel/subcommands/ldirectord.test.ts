/** Compares the tables that ldirectord and we make of its configuration, on the real kernel. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bytesFromUnicode } from '../../../src/bytes/unicode';
import { parseAddress } from '../../../src/model/address';
import { protocols } from '../../../src/model/virtual-service';
import type { NameSource } from '../../../src/platform/names';
import { readDocument } from '../../../src/state/document/read';
import { parseLdirectord } from '../../../src/state/ldirectord/read';
import { serverRule, serviceRule } from '../../../src/state/rules/write';
import { isError } from '../../../src/state/source/diagnostics';
import { checkState } from '../../../src/state/table/check';
import { wholeState } from '../../helpers/arbitrary-states';
import { connectLab } from '../../lab/client';
import {
  type KernelTable,
  ldirectordOutcomes,
  ldirectordScript,
  ldirectordTree,
  type Outcome,
  printTable,
} from '../../lab/ldirectord';
import { checkout } from '../../lab/paths';
import { shellQuote } from '../../lab/shell';
import { written } from '../../state/imported-text';
import { fileText } from '../../state/ldirectord/arbitrary-files';
import { accepted, refused } from '../../state/ldirectord/cases';

const lab = connectLab();
const folder = join(checkout, 'test/state/ldirectord');
let tree: string;

beforeAll(async () => {
  tree = await ldirectordTree();
}, 600_000);

interface Comparison {
  readonly theirs: Outcome;
  readonly ours: Outcome;
}

const hosts = `127.0.0.1 localhost
::1 localhost
192.0.2.99 web.example
2001:db8::99 web.example
192.0.2.98 web_1
`;

/**
 * Runs ldirectord with each text, and `ours`, shell lines that replace the table by ours of "$file"
 * and set `status`.
 * @param files further files, by name.
 */
async function compare(
  texts: Readonly<Record<string, string>>,
  ours: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Map<string, Comparison>> {
  const names = Object.keys(texts);
  const numbered = Object.fromEntries(names.map((name, index) => [`${index}.cf`, texts[name]!]));
  const all = { ...numbered, ...files };
  // One line for each file, as printf's %b reads it: that starts no program.
  const stdin = Object.values(all)
    .map((text) => `${bytesFromUnicode(text).replace(/[^ -[\]-~]/g, octal)}\n`)
    .join('');
  const script = `
    printf %s ${shellQuote(hosts)} >hosts && mount --bind hosts /etc/hosts || exit 1
    for file in ${Object.keys(all).join(' ')}; do IFS= read -r text; printf %b "$text" >$file; done
    ${ldirectordScript(tree, Object.keys(numbered))}
    echo @@@@
    for file in ${Object.keys(numbered).join(' ')}; do
      status=0
      ${ours}
      echo "@@ $file $status"; [ $status = 2 ] || { ${printTable}; }
    done`;
  const { stdout, stderr, status } = await lab.run({ script, stdin, timeoutSeconds: 1000 });
  expect({ stderr: stderr.toString(), status }).toEqual({ stderr: '', status: 0 });
  const [theirs, mine] = stdout.toString().split('@@@@\n').map(ldirectordOutcomes);
  return new Map(
    names.map((name, index) => [
      name,
      { theirs: theirs!.get(`${index}.cf`)!, ours: mine!.get(`${index}.cf`)! },
    ]),
  );
}

function octal(byte: string): string {
  return `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

const apply = '"$IPVSADM_NODE" apply $file >applied 2>&1 || status=$?';

/** Compares ldirectord with our reader, whose rules the C program loads: faster than `apply`. */
function compareReader(texts: Readonly<Record<string, string>>): Promise<Map<string, Comparison>> {
  const files = Object.values(texts).map((text, index) => {
    const rules = rulesOf(text);
    return [`${index}.cf.${rules === undefined ? 'bad' : 'good'}`, rules ?? ''];
  });
  const load = 'if [ -e $file.good ]; then "$IPVSADM_C" -R <$file.good || status=$?; else status=2; fi';
  return compare(texts, load, Object.fromEntries(files));
}

/** The rules that replace the table by that of a file; undefined if it is refused. */
function rulesOf(text: string): string | undefined {
  const { state, problems } = readDocument(parseLdirectord(text, guestNames));
  if ([...problems, ...checkState(state)].some(isError)) return undefined;
  const rules = (state.services ?? []).flatMap(({ service, servers }) => [
    serviceRule(service),
    ...servers.map((server) => serverRule(service.key, server)),
  ]);
  return ['-C', ...rules].map((rule) => `${rule}\n`).join('');
}

/** What the guest's /etc/hosts and /etc/services say. */
const guestNames: NameSource = {
  addressOfHost: (name, version) => parseAddress(hostAddresses[`${name} ${version}`] ?? ''),
  nameOfAddress: () => undefined,
  portOfService: (name, protocol) => servicePorts[`${name} ${protocol}`],
  serviceOfPort: () => undefined,
};
const hostAddresses: Readonly<Record<string, string>> = {
  'localhost 4': '127.0.0.1',
  'localhost 6': '::1',
  'web.example 4': '192.0.2.99',
  'web.example 6': '2001:db8::99',
  'web_1 4': '192.0.2.98',
};
const servicePorts: Readonly<Record<string, number>> = {
  [`http ${protocols.tcp}`]: 80,
  [`domain ${protocols.tcp}`]: 53,
  [`domain ${protocols.udp}`]: 53,
  [`tftp ${protocols.udp}`]: 69,
};

/** ldirectord adds the servers of quiescent services in random order. */
function comparable(text: string, { rules, thresholds }: KernelTable): KernelTable {
  return /quiescent/.test(text)
    ? { rules: [...rules].sort(), thresholds: [...thresholds].sort() }
    : { rules, thresholds };
}

function expectEqual(
  texts: Readonly<Record<string, string>>,
  found: Map<string, Comparison>,
  seed?: number,
): void {
  const all = (side: keyof Comparison) =>
    Object.fromEntries(
      [...found].map(
        ([
          name,
          {
            [side]: { status, table },
          },
        ]) => [name, { text: texts[name], status, ...comparable(texts[name]!, table) }],
      ),
    );
  expect({ seed, ...all('ours') }).toEqual({ seed, ...all('theirs') });
}

test('every sample file gives the table that ldirectord makes', async () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.cf$/.test(name),
  );
  const texts = Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  expect(files.length).toBeGreaterThan(2);
  const found = await compare(texts, apply);
  expectEqual(texts, found);
  for (const { theirs } of found.values()) expect(theirs.status).toBe('0');
}, 1_200_000);

test('each oddity of a file that ldirectord accepts gives its table', async () => {
  const found = await compareReader(accepted);
  expectEqual(accepted, found);
  const failed = [...found].filter(([, { theirs }]) => theirs.status !== '0').map(([name]) => name);
  expect(failed).toEqual([]);
}, 1_200_000);

test('what ldirectord refuses is refused', async () => {
  const found = await compareReader(refused);
  const accepting = (side: keyof Comparison) =>
    [...found].filter(([, outcome]) => outcome[side].status !== '2').map(([name]) => name);
  expect({ theirs: accepting('theirs'), ours: accepting('ours') }).toEqual({ theirs: [], ours: [] });
}, 1_200_000);

test('random files give the table that ldirectord makes, or are refused by both', async () => {
  const seed = Number(process.env.IPVSADM_STATE_SEED ?? Date.now() % 1e9);
  const runs = Number(process.env.IPVSADM_LDIRECTORD_RUNS ?? 20);
  // Most random files are refused, which is quick: of these a few are enough.
  const texts = fc.sample(fileText, { numRuns: runs * 20, seed });
  const good = texts.filter((text) => rulesOf(text) !== undefined).slice(0, runs);
  const bad = texts.filter((text) => rulesOf(text) === undefined).slice(0, runs);
  const files = Object.fromEntries([...good, ...bad].map((text, index) => [`${index}`, text]));
  expect(good.length).toBe(runs);
  const found = await compareReader(files);
  expectEqual(files, found, seed);
}, 1_200_000);

test('ldirectord makes the same table of what we write as apply does', async () => {
  const seed = Number(process.env.IPVSADM_STATE_SEED ?? Date.now() % 1e9);
  const states = fc.sample(wholeState, { numRuns: 200, seed }).filter(({ services }) => services.length > 1);
  // A file in which no service can be expressed leaves the services of the table alone.
  const expressible = states
    .map((state) => written('ldirectord', state).text)
    .filter((text) => /^virtual/m.test(text));
  const texts = Object.fromEntries(expressible.slice(0, 8).map((text, index) => [`${index}`, text]));
  const found = await compare(texts, apply);
  expectEqual(texts, found);
  for (const { theirs } of found.values())
    expect({ seed, status: theirs.status }).toEqual({ seed, status: '0' });
}, 1_200_000);

test('rules have names of any bytes, as in ipvsadm -R, and comments of any bytes', async () => {
  const print = 'echo $?; "$IPVSADM_C" -Sn; "$IPVSADM_C" -l --daemon; "$IPVSADM_C" --stop-daemon master';
  const script = `
    name=$(printf 'caf\\351')
    ip link add "$name" type dummy && ip link set "$name" up || exit 1
    echo "-A -f 5 -s rr
--start-daemon master --mcast-interface $name --syncid 1" >rules
    "$IPVSADM_C" -R <rules; ${print}; "$IPVSADM_C" -C
    echo @@@@
    (printf '# caf\\351\\n \\t#\\326\\320\\316\\304\\n'; cat rules) >commented
    "$IPVSADM_NODE" restore commented; ${print}`;
  const { stdout, stderr } = await lab.run({ script, stdin: '', timeoutSeconds: 120 });
  const [theirs, ours] = stdout.toString('latin1').split('@@@@\n');
  expect(theirs).toMatch(/^0\n-A -f 5 -s rr\n.*mcast=caf\xe9/s);
  expect({ ours, stderr: stderr.toString() }).toEqual({ ours: theirs, stderr: '' });
}, 120_000);
