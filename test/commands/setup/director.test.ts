import { WholeMachine } from '../../helpers/whole-machine';

const rules = ['-A -t 192.0.2.10:80 -s rr', '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 1', ''].join('\n');
const natRules = rules.replace('-g', '-m');

function machineWith(table = rules) {
  const machine = new WholeMachine();
  machine.files.table = table;
  return machine;
}

const runPackets = () => ({ status: 0, stdout: '', stderr: '' });

test('up, up again, status, down', async () => {
  const machine = machineWith(natRules);
  const before = machine.state;
  expect(await machine.run('director up table', { runPackets })).toEqual({
    stdout: [
      '+ net.ipv4.vs.expire_nodest_conn = 1',
      '+ net.ipv4.vs.expire_quiescent_template = 1',
      '+ net.ipv4.ip_forward = 1',
      '+ table: 2 changes',
      '+ address 192.0.2.10/32 on eth0',
      '',
    ].join('\n'),
    stderr: '',
    status: 0,
  });
  const after = machine.state;
  expect(await machine.run('director up table', { runPackets })).toEqual({
    stdout: 'nothing to change\n',
    stderr: '',
    status: 0,
  });
  expect(machine.state).toEqual(after);
  expect(await machine.run('director status')).toMatchObject({
    stdout: expect.stringMatching(
      /ok {6}address 192\.0\.2\.10\/32 on eth0\nservice tcp:192\.0\.2\.10:80: 1 of 1 real servers get new connections\n$/,
    ),
    status: 0,
  });
  await machine.run('director down');
  expect(machine.state).toEqual(before);
  expect((await machine.run('director status')).stdout).toBe('director up has made nothing\n');
});

test('--json', async () => {
  const machine = machineWith();
  const { stdout } = await machine.run('director up table --json', { runPackets });
  expect(JSON.parse(stdout)).toMatchObject({ changes: 2, announced: ['192.0.2.10'] });
  expect(JSON.parse((await machine.run('director status --json')).stdout)).toMatchObject({
    services: [{ name: 'tcp:192.0.2.10:80', servers: 1, weighted: 1 }],
  });
  expect(JSON.parse((await machine.run('director down --json')).stdout)).toMatchObject({
    changes: 1,
    left: [],
  });
});

test('--dry-run prints commands and changes nothing', async () => {
  const machine = machineWith();
  const before = machine.state;
  expect((await machine.run('director up table --dry-run --vip 192.0.2.10/24 --interface eth0')).stdout).toBe(
    [
      'sysctl -w net.ipv4.vs.expire_nodest_conn=1',
      'sysctl -w net.ipv4.vs.expire_quiescent_template=1',
      '+ -A -t 192.0.2.10:80 -s rr',
      '+ -a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 1',
      'ip address add 192.0.2.10/24 dev eth0',
      '',
    ].join('\n'),
  );
  expect(machine.state).toEqual(before);
});

test('what the file no longer has is deleted, and named', async () => {
  const machine = machineWith();
  await machine.run('director up table', { runPackets });
  machine.files.table = '-A -t 192.0.2.11:80 -s rr\n';
  const { stdout, status } = await machine.run('director up table', { runPackets });
  expect({ stdout, status }).toEqual({
    stdout: [
      '+ table: 2 changes',
      '- service tcp:192.0.2.10:80',
      '+ address 192.0.2.11/32 on eth0',
      '- address 192.0.2.10/32 on eth0',
      '',
    ].join('\n'),
    status: 0,
  });
});

test('status tells a service that is gone', async () => {
  const machine = machineWith();
  await machine.run('director up table', { runPackets });
  await machine.run('clear');
  expect(await machine.run('director status')).toMatchObject({
    stdout: expect.stringContaining('changed service tcp:192.0.2.10:80: it is not in the table any more\n'),
    status: 1,
  });
});

test('services of others, and what they change, stay', async () => {
  const machine = machineWith();
  await machine.run('service add --fwmark 7');
  const before = machine.state;
  machine.files.table = `-A -f 7\n${rules}`;
  await machine.run('director up table', { runPackets });
  await machine.run('service add --fwmark 8');
  await machine.run('director down');
  await machine.run('service delete --fwmark 8');
  machine.files.table = rules;
  expect(machine.state).toEqual(before);
});

test('a VIP that the kernel refuses: table and settings are as before', async () => {
  const machine = machineWith();
  const before = machine.state;
  machine.host.refuse = () => 1;
  expect(await machine.run('director up table')).toMatchObject({
    stdout: '',
    stderr:
      'ipvsadm: address 192.0.2.10/32 on eth0: Operation not permitted\n' +
      'ipvsadm: nothing is changed: what had been made was taken back\n',
  });
  expect(machine.state).toEqual(before);
});

test('a table that the kernel refuses: settings are as before', async () => {
  const machine = machineWith();
  const before = machine.state;
  machine.kernel.refuse = () => 1;
  const { status, stderr } = await machine.run('director up table');
  expect(status).not.toBe(0);
  expect(stderr).toContain('ipvsadm: the table is as it was before\n');
  expect(machine.state).toEqual(before);
});

describe('the neighbours', () => {
  test('are told by the helper', async () => {
    const calls: (readonly string[])[] = [];
    await machineWith().run('director up table', {
      runPackets: (args) => {
        calls.push(args);
        return runPackets();
      },
    });
    expect(calls).toEqual([['announce', 'eth0', '192.0.2.10']]);
  });

  test('without it by the kernel; the setting is put back', async () => {
    const machine = machineWith();
    const written: string[] = [];
    const { stderr } = await machine.run('director up table', {
      onKernelFile: (path, text) => {
        if (path.endsWith('arp_notify')) written.push(text);
        machine.files[path] = text;
      },
    });
    expect(stderr).toBe('');
    expect(written).toEqual(['1\n', '0\n']);
  });

  test('IPv6 not: a note', async () => {
    const machine = machineWith('-A -t [2001:db8::10]:80\n');
    const failing = () => ({ status: 1, stdout: '', stderr: 'socket: Operation not permitted\n' });
    expect(await machine.run('director up table', { runPackets: failing })).toMatchObject({
      stderr:
        'ipvsadm: note: 2001:db8::10: the neighbours were not told (socket: Operation not permitted): they learn it when their entries end\n',
      status: 0,
    });
  });
});

test('source NAT needs nft', async () => {
  const machine = machineWith(natRules);
  const before = machine.state;
  expect((await machine.run('director up table --snat')).stderr).toBe(
    'ipvsadm: nftables table ip ipvsadm: source NAT to 1 real server: nft (nftables) cannot be run: install the package nftables\n' +
      'ipvsadm: nothing is changed: what had been made was taken back\n',
  );
  expect(machine.state).toEqual(before);
});

test("an address of this machine's own is no VIP to add", async () => {
  const { stdout } = await machineWith('-A -t 10.0.0.17:80\n').run('director up table --dry-run');
  expect(stdout).not.toContain('ip address');
});

test.each([
  ['director up', 'FILE'],
  ['director up missing', 'missing: cannot be read'],
  ['director up table --interface eth7', '--interface eth7: this machine has lo, eth0'],
  ['director up table --vip here', '--vip here: must be an address such as 192.0.2.10, or 192.0.2.10/24'],
  ['director up table --vip 192.0.2.10/33', '--vip 192.0.2.10/33: must be an address'],
  ['director up table --vip 127.0.0.1', '--vip 127.0.0.1: a VIP is a unicast address'],
  ['director down now', 'now'],
])('%s: a message, and nothing is changed', async (line, message) => {
  const machine = machineWith();
  const before = machine.state;
  const { stdout, stderr, status } = await machine.run(line);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
  expect(machine.state).toEqual(before);
});

test('several interfaces: the question which', async () => {
  const machine = machineWith();
  machine.host.routes = [];
  machine.host.links.push({ index: 3, name: 'eth1', flags: 1 });
  expect((await machine.run('director up table')).stderr).toContain(
    'which interface gets the VIPs? name it with --interface: eth0, eth1',
  );
});
