/** Compares the tables that keepalived and we make of its configuration, on the real kernel. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { keepalivedFormat } from '../../../src/state/keepalived/write';
import { wholeState } from '../../helpers/arbitrary-states';
import { connectLab } from '../../lab/client';
import { debianProgram } from '../../lab/debian-programs';
import { checkout } from '../../lab/paths';
import { documentOf, read, written } from '../../state/imported-text';

const lab = connectLab();
let program: string;

beforeAll(async () => {
  program = await debianProgram('keepalived');
}, 600_000);

/**
 * Prints the tables of keepalived and of `apply`, as snapshots and as the lines of -S -n, separated
 * by lines of dots.
 */
const compare = (options: string) => `
  "${program}" ${options} -C -n -l -D -G -I -f "$PWD/keepalived.conf" -p "$PWD/pid" -c "$PWD/pid-c" >log 2>&1 &
  daemon=$!
  tries=0
  until grep -q 'Startup complete' log 2>/dev/null; do
    tries=$((tries + 1)); [ $tries -lt 300 ] || { cat log >&2; exit 1; }
    sleep 0.1
  done
  "$IPVSADM_NODE" snapshot; echo ...; "$IPVSADM_C" -Sn; echo ...
  # With -I keepalived leaves its table in the kernel.
  kill -9 $daemon; wait $daemon 2>/dev/null
  "$IPVSADM_C" -C
  for side in master backup; do "$IPVSADM_C" --stop-daemon $side; done 2>/dev/null
  "$IPVSADM_C" --set 900 120 300
  "$IPVSADM_NODE" convert --config-id main --to json keepalived.conf >wanted.json 2>notes || { cat notes >&2; exit 1; }
  "$IPVSADM_NODE" apply wanted.json >/dev/null
  "$IPVSADM_NODE" snapshot; echo ...; "$IPVSADM_C" -Sn`;

async function tables(script: string, stdin = ''): Promise<{ theirs: string[]; ours: string[] }> {
  const { stdout, stderr, status } = await lab.run({ script, stdin, timeoutSeconds: 100 });
  expect({ stderr: stderr.toString(), status }).toEqual({ stderr: '', status: 0 });
  const parts = stdout.toString().split('...\n');
  return { theirs: parts.slice(0, 2), ours: parts.slice(2) };
}

test.each([
  ['services', ''],
  ['definitions', '-i main'],
])(
  'test/state/keepalived/%s.conf',
  async (name, options) => {
    const path = join(checkout, `test/state/keepalived/${name}.conf`);
    const { theirs, ours } = await tables(`cp "${path}" keepalived.conf\n${compare(options)}`);
    expect(ours).toEqual(theirs);
    expect(theirs[1]!.split('\n').length).toBeGreaterThan(15);
  },
  120_000,
);

/**
 * For each of the files, whose folder is copied: keepalived's table and ours as the genuine program
 * shows them, or 'refused'. Each file has a network namespace, as keepalived mostly waits.
 */
const compareEach = (folder: string, files: readonly string[]) => `
  cp -r "${folder}/." .
  cat >table <<'END'
"$IPVSADM_C" -Sn
"$IPVSADM_C" -L --daemon
"$IPVSADM_C" -L --timeout
END
  cat >one <<'END'
file=$1
ip link set lo up
"${program}" -i main -C -n -l -D -G -I -f "$PWD/$file" -p "$PWD/$file.pid" -c "$PWD/$file.pid-c" >$file.log 2>&1 &
daemon=$!
refused=
until grep -q 'Startup complete\\|no configuration to run' $file.log; do
  kill -0 $daemon || { refused=yes; break; }
  sleep 0.05
done
if [ "$refused" ]; then echo refused; else . ./table; fi
# With -I keepalived leaves its table in the kernel.
kill -9 $daemon; wait $daemon
END
  cat >other <<'END'
ip link set lo up
"$IPVSADM_NODE" apply --config-id main "$1" >/dev/null 2>$1.notes
case $? in 0) . ./table;; 2) echo refused;; *) cat $1.notes;; esac
END
  for file in ${files.join(' ')}; do unshare -n sh ./one $file >$file.theirs 2>/dev/null & done
  for file in ${files.join(' ')}; do unshare -n sh ./other $file >$file.ours 2>/dev/null; done
  wait
  for file in ${files.join(' ')}; do echo "=== $file"; cat $file.theirs; echo ...; cat $file.ours; done`;

async function bothTables(folder: string, files: readonly string[]) {
  const script = compareEach(join(checkout, folder), files);
  const { stdout, status } = await lab.run({ script, timeoutSeconds: 400 });
  const parts = stdout
    .toString()
    .split(/^=== (.*)\n/m)
    .slice(1);
  const found = files.map((_, index) => {
    const [theirs, ours] = parts[2 * index + 1]?.split('...\n') ?? [];
    return { file: parts[2 * index], theirs, ours };
  });
  return { status, found };
}

const filesIn = (folder: string) =>
  readdirSync(join(checkout, folder)).filter((name) => name.endsWith('.conf'));

/** Some files in each job: keepalived takes more than a second for each. */
const chunks = (files: readonly string[]) =>
  Array.from({ length: Math.ceil(files.length / 12) }, (_, index) =>
    files.slice(12 * index, 12 * index + 12),
  );

// Files from the field, and one for each kind of oddity of keepalived's reader.
const field = 'test/state/keepalived/field';
test.each(chunks(filesIn(field)).map((files) => ({ files })))(
  'the table is that of keepalived: $files',
  async ({ files }) => {
    const { found } = await bothTables(field, files);
    expect(found.map(({ file, ours }) => ({ file, table: ours }))).toEqual(
      found.map(({ theirs }, index) => ({ file: files[index], table: theirs })),
    );
    expect(found.filter(({ theirs }) => theirs === 'refused\n')).toEqual([]);
  },
  600_000,
);

test('what keepalived refuses is refused', async () => {
  const folder = 'test/state/keepalived/refused';
  const files = filesIn(folder);
  const { found } = await bothTables(folder, files);
  expect(found).toEqual(files.map((file) => ({ file, theirs: 'refused\n', ours: 'refused\n' })));
}, 300_000);

test('keepalived accepts ignored.conf', async () => {
  const path = join(checkout, 'test/state/keepalived/ignored.conf');
  const { stdout } = await lab.run({ script: `"${program}" -C -t -f "${path}" 2>&1`, timeoutSeconds: 60 });
  expect(stdout.toString()).not.toMatch(/Unknown keyword|Unexpected|missing '}'/);
}, 120_000);

test('keepalived makes the same table of what we write as apply does', async () => {
  const seed = Number(process.env.IPVSADM_STATE_SEED ?? Date.now() % 1e9);
  const states = fc.sample(wholeState, { numRuns: 60, seed });
  // One table holds them all, as keepalived takes long to start.
  const services = states.flatMap(({ services: some }, index) =>
    some.map(({ service, servers }) => {
      const { key } = service;
      const own =
        key.kind === 'fwmark' ? { ...key, fwmark: 1000 + index } : { ...key, port: key.port && 1000 + index };
      return { service: { ...service, key: own }, servers };
    }),
  );
  const names = new Set<string>();
  const different = services.filter(({ service: { key } }) => {
    const name = JSON.stringify({ ...key, address: key.kind === 'address' ? [...key.address] : [] });
    return !names.has(name) && names.add(name);
  });
  const { text } = written('keepalived', { timeouts: states[0]!.timeouts, services: different });
  expect(documentOf(read(text, keepalivedFormat.read).state)).toContain('"forwarding":"tunneling"');
  const { theirs, ours } = await tables(`cat >keepalived.conf\n${compare('')}`, text);
  expect({ seed, ours }).toEqual({ seed, ours: theirs });
}, 120_000);
