/** How commands read keepalived.conf: its includes, --config-id and --strict. */
import { runSubcommand } from '../../src/commands';
import { FakeKernel } from '../helpers/fake-kernel';
import { type Outcome, runIn } from '../helpers/test-system';

const server = (inner: string) =>
  `virtual_server 192.0.2.10 80 {\n  protocol TCP\n${inner}  real_server 10.0.0.1 80 {\n  }\n}\n`;

const directories = { 'etc/conf.d': ['b.conf', 'a.conf', 'c.txt', '.hidden.conf'] };
const files = {
  'etc/keepalived.conf': 'include conf.d/*.conf\n',
  'etc/conf.d/a.conf': server('').replace('192.0.2.10', '192.0.2.11'),
  'etc/conf.d/b.conf': `# b\n${server('  lb_algo loadbalance\n')}`,
  'etc/conf.d/c.txt': 'wrong\n',
  'etc/loop/keepalived.conf': 'include keepalived.conf\n',
  'etc/missing/keepalived.conf': `include nowhere.conf\n${server('')}`,
  'etc/required/keepalived.conf': `includem nowhere.conf\n${server('')}`,
  'etc/machines/keepalived.conf': server('  @main lb_algo rr\n  @other lb_algo sh\n'),
};

async function run(line: string, kernel = new FakeKernel()): Promise<Outcome> {
  const openTransport = () => kernel.open();
  return runIn({ args: line.split(' '), files, directories, openTransport }, runSubcommand);
}

describe('include', () => {
  test('takes the files of a pattern in order, and names places in them', async () => {
    const { stdout, stderr, status } = await run('convert --to rules etc/keepalived.conf');
    expect({ stdout, status }).toEqual({
      stdout:
        '-A -t 192.0.2.11:80 -s wlc\n-a -t 192.0.2.11:80 -r 10.0.0.1:80 -m -w 1\n' +
        '-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1\n',
      status: 0,
    });
    expect(stderr).toBe(
      "etc/conf.d/b.conf:4:11: warning: keepalived does not support the scheduler 'loadbalance', and uses wlc unless another one follows\n" +
        '      lb_algo loadbalance\n              ^^^^^^^^^^^\n' +
        '  one of rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos\n',
    );
  });

  test('of a file by itself ends', async () => {
    const { stderr, status } = await run('convert --to rules etc/loop/keepalived.conf');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^etc\/loop\/keepalived\.conf:1:1: files include each other more than 16 deep$/m);
  });

  test('without a file is a warning, or for includem an error', async () => {
    const missing = await run('convert --to rules etc/missing/keepalived.conf');
    expect(missing.status).toBe(0);
    expect(missing.stderr).toMatch(
      /^etc\/missing\/keepalived\.conf:1:1: warning: 'nowhere\.conf' matches no file$/m,
    );
    const required = await run('convert --to rules etc/required/keepalived.conf');
    expect(required.status).toBe(2);
    expect(required.stderr).toMatch(
      /^etc\/required\/keepalived\.conf:1:1: 'nowhere\.conf' matches no file$/m,
    );
  });
});

const machines = 'etc/machines/keepalived.conf';

test.each(['apply', 'restore', 'diff'])('%s takes --config-id', async (command) => {
  for (const [id, scheduler] of [
    ['main', 'rr'],
    ['other', 'sh'],
    ['third', 'wlc'],
  ]) {
    const kernel = new FakeKernel();
    const outcome = await run(`${command} --config-id ${id} ${machines}`, kernel);
    const saved = command === 'diff' ? outcome.stdout : (await run('save -n', kernel)).stdout;
    expect(saved).toContain(`-A -t 192.0.2.10:80 -s ${scheduler}\n`);
  }
});

test('restore --check takes --config-id', async () => {
  const check = (id: string) => run(`restore --check --no-trial --config-id ${id} ${machines}`);
  expect((await check('main')).status).toBe(0);
});

test.each(['apply', 'restore', 'restore --check --no-trial', 'diff', 'convert --to json'])(
  '%s --strict takes warnings for errors, and changes nothing',
  async (command) => {
    const kernel = new FakeKernel();
    const { stderr, status } = await run(`${command} --strict etc/keepalived.conf`, kernel);
    expect(status).toBe(2);
    expect(stderr).toContain('ipvsadm: --strict: warnings are errors\n');
    expect((await run('save -n', kernel)).stdout).toBe('');
  },
);
