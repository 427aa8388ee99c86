import { connectLab } from './client';

const lab = connectLab();
jest.setTimeout(60_000); // emulated guests are slow

async function sh(
  script: string,
  more: object = {},
): Promise<{ stdout: string; stderr: string; status: number }> {
  const { stdout, stderr, status } = await lab.run({ script, ...more });
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

test('a job gets its stdin and gives stdout, stderr and status', async () => {
  const result = await sh('cat; echo no >&2; exit 3', { stdin: 'yes' });
  expect(result).toEqual({ stdout: 'yes', stderr: 'no\n', status: 3 });
});

test('the status after a signal is 128 plus the signal', async () => {
  expect(await sh('kill -TERM $$')).toEqual({ stdout: '', stderr: '', status: 143 });
});

test('an error message names the script, not the job', async () => {
  expect(await sh('no-such-command')).toEqual({
    stdout: '',
    stderr: '/job/script: 1: no-such-command: not found\n',
    status: 127,
  });
});

test('a job that exceeds its time limit is killed, and the error has its output', async () => {
  await expect(sh('echo begun; sleep 1000', { timeoutSeconds: 0.5 })).rejects.toThrow(
    /timed out after.*\nbegun/,
  );
});

test('/etc/hosts has two fixed lines, or those of the job', async () => {
  expect((await sh('cat /etc/hosts')).stdout).toBe('127.0.0.1 localhost\n::1 localhost ip6-localhost\n');
  expect((await sh('cat /etc/hosts', { hosts: '192.0.2.1 a\n' })).stdout).toBe('192.0.2.1 a\n');
});

test('the environment is the same everywhere, except for the variables of the job', async () => {
  const names = (await sh('env | cut -d= -f1 | sort', { env: { MINE: "it's" } })).stdout.trim().split('\n');
  const programs = ['C', 'NODE', 'OURS', 'UNDER_TEST', 'WORDS'].map((name) => `IPVSADM_${name}`);
  expect(names).toEqual(['HOME', ...programs, 'MINE', 'PATH', 'PWD']);
});

test('concurrent jobs are isolated from each other', async () => {
  const script =
    'ip link add mine type dummy && touch /tmp/mine && $IPVSADM_C -A -f 1 && sleep 1 && $IPVSADM_C -Sn';
  const alone = { stdout: '-A -f 1 -s wlc\n', stderr: '', status: 0 };
  expect(await Promise.all([sh(script), sh(script)])).toEqual([alone, alone]);
});

test("the host's files cannot be changed", async () => {
  const { status, stderr } = await sh('touch "$IPVSADM_NODE" || touch /usr/changed');
  expect(status).not.toBe(0);
  expect(stderr).toContain('Read-only file system');
});
