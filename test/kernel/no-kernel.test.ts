/** Without ip_vs and a way to load it, both programs print the same. */
import { type Lab, openLab } from '../lab';
import { connectLab } from '../lab/client';

let lab: Lab;

beforeAll(async () => {
  const { backend } = connectLab();
  lab = await openLab({ backend: backend === 'host' ? 'uml' : backend, modules: 'none' });
}, 300_000);

afterAll(async () => {
  await lab?.close();
});

test.each(['-ln', '', '-A', '--bogus', '-R'])(
  'ipvsadm %s',
  async (args) => {
    const run = async (program: string) => {
      const { stdout, stderr } = await lab.run({ script: `${program} ${args} </dev/null; echo $?` });
      return { stdout: stdout.toString(), stderr: stderr.toString() };
    };
    const theirs = await run('$IPVSADM_C');
    expect(await run('$IPVSADM_OURS')).toEqual(theirs);
    expect(theirs.stdout).toBe('2\n');
  },
  120_000,
);

test('help and version need no kernel', async () => {
  const { stdout, stderr } = await lab.run({
    script:
      '$IPVSADM_OURS -v; echo $?; $IPVSADM_OURS --help >/dev/null; echo $?; $IPVSADM_OURS list --help | grep -q -- --numeric && echo list; $IPVSADM_OURS help | grep -q "virtual services" && echo topics; $IPVSADM_OURS version | sed "s/ .*//"',
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    stdout: 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n0\n0\nlist\ntopics\nipvsadm\n',
    stderr: '',
  });
}, 120_000);
