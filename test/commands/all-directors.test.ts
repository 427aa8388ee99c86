/** Directors that share a document: who they are, and who has applied it. */
import { runSubcommand } from '../../src/commands';
import { DIRECTOR_SOCKET, type DirectorQuestion } from '../../src/platform/director-system';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const lb1 = { name: 'lb1', role: 'leader', ready: false, generation: 4, table: '0123456789abcdef' };
const lb2 = { name: 'lb2', role: 'standby', ready: true, generation: 4, table: '0123456789abcdef' };
const service = { protocol: 'tcp', address: '192.0.2.10', port: 80 };
const file = JSON.stringify({ format: 'ipvsadm-state', version: 2, services: [service] });

/** @param lists what the daemon answers, one after the other; the last one stays. */
async function run(line: string, ...lists: readonly unknown[]) {
  const left = [...lists];
  const posted: unknown[] = [];
  const kernel = new FakeKernel();
  const askDirector = ({ path, method, body }: DirectorQuestion) => {
    if (method === 'POST') posted.push(body);
    const text =
      method === 'POST'
        ? '{"ok":true,"text":"generation 4 is in etcd","generation":4}'
        : path === '/v1/ha/directors'
          ? JSON.stringify(left.length > 1 ? left.shift() : left[0])
          : '{"namespace":"1","services":["tcp:192.0.2.10:80"]}';
    return { status: 200, text };
  };
  const outcome = await runIn(
    {
      args: line.split(' '),
      openTransport: () => kernel.open(),
      loadModule() {},
      files: { 'lvs.json': file, [DIRECTOR_SOCKET]: '' },
      askDirector,
    },
    runSubcommand,
  );
  return { ...outcome, posted };
}

describe('director status --all', () => {
  test('a row for each', async () => {
    const { stdout, status } = await run('director status --all', [lb1, lb2]);
    expect({ stdout, status }).toEqual({
      stdout: `DIRECTOR  ROLE     READY  GENERATION  TABLE         PROBLEM
lb1       leader   -      4           0123456789ab
lb2       standby  yes    4           0123456789ab
`,
      status: 0,
    });
  });

  test.each([
    [[lb2, { ...lb2, name: 'lb3' }], 'no director has the VIPs'],
    [[lb1, { ...lb2, generation: 0 }], 'the directors have different documents'],
    [[lb1, { ...lb2, table: 'fedcba' }], 'the directors have different tables'],
    [[lb1, { ...lb2, role: 'unfit', problem: 'a service\u001b is down' }], 'a service\\x1b is down'],
    [[lb1, { ...lb2, refused: 'lvs.json: it is none' }], 'lvs.json: it is none'],
  ])('%j: %s', async (directors, text) => {
    const { stdout, status } = await run('director status --all', directors);
    expect(stdout).toContain(text);
    expect(status).toBe(1);
  });

  test('as JSON; and without etcd', async () => {
    const { stdout } = await run('director status --all --json', [lb1, lb2]);
    expect(JSON.parse(stdout)).toEqual([lb1, lb2]);
    expect(await run('director status --all', null)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('this director does not know the others'),
    });
  });
});

describe('apply --wait all', () => {
  test('ends when all have it', async () => {
    const old = [lb1, { ...lb2, generation: 3 }];
    const { stdout, stderr, status, posted } = await run('apply lvs.json --wait all', old, old, [lb1, lb2]);
    expect(stdout).toBe('generation 4 is in etcd\n');
    expect(stderr).toContain('ipvsadm: applied by lb1, lb2\n');
    expect([status, posted.length]).toEqual([0, 1]);
  });

  test('says who has not, and why', async () => {
    const refusing = { ...lb2, generation: 3, refused: 'the kernel refuses it' };
    const { stderr, status } = await run('apply lvs.json --wait all', [lb1, refusing]);
    expect(stderr).toContain('ipvsadm: applied by lb1\n');
    expect(stderr).toContain('ipvsadm: lb2: generation 4 is not applied, 3 is: the kernel refuses it\n');
    expect(status).toBe(1);
  });

  test('says who has gone meanwhile', async () => {
    const { stderr, status } = await run('apply lvs.json --wait all', [lb1, lb2], [lb1]);
    expect(stderr).toContain('ipvsadm: lb2: it is not there any more: it applies what is in etcd');
    expect(status).toBe(1);
  });

  test('changes nothing where directors share no document', async () => {
    expect(await run('apply lvs.json --wait all', null)).toMatchObject({ status: 2, posted: [] });
  });
});
