import { WholeMachine } from '../../helpers/whole-machine';

const up = [
  '+ net.ipv4.conf.all.arp_ignore = 1',
  '+ net.ipv4.conf.all.arp_announce = 2',
  '+ net.ipv4.conf.eth0.arp_ignore = 1',
  '+ net.ipv4.conf.eth0.arp_announce = 2',
  '+ address 192.0.2.10/32 on lo',
  '',
].join('\n');

test('up, up again, status, down', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  expect(await machine.run('realserver up 192.0.2.10')).toEqual({ stdout: up, stderr: '', status: 0 });
  const after = machine.state;
  expect(await machine.run('realserver up 192.0.2.10')).toEqual({
    stdout: 'nothing to change\n',
    stderr: '',
    status: 0,
  });
  expect(machine.state).toEqual(after);
  const { stdout, status } = await machine.run('realserver status');
  expect(stdout).toBe(up.replaceAll('+ ', 'ok      '));
  expect(status).toBe(0);
  expect((await machine.run('realserver down')).stdout.split('\n').toReversed().slice(1)).toEqual(
    up.replaceAll('+ ', '- ').split('\n').filter(Boolean),
  );
  expect(machine.state).toEqual(before);
  expect(await machine.run('realserver down')).toEqual({
    stdout: 'nothing to change\n',
    stderr: '',
    status: 0,
  });
});

test('status tells what has been changed since, and down leaves it', async () => {
  const machine = new WholeMachine();
  await machine.run('realserver up 192.0.2.10');
  machine.files['/proc/sys/net/ipv4/conf/eth0/arp_ignore'] = '8\n';
  expect(await machine.run('realserver status')).toMatchObject({
    stdout: expect.stringContaining('changed net.ipv4.conf.eth0.arp_ignore = 1\n'),
    status: 1,
  });
  expect(await machine.run('realserver down')).toMatchObject({
    stderr: 'ipvsadm: net.ipv4.conf.eth0.arp_ignore = 1 stays: it is 8 by now\n',
    status: 1,
  });
  expect(await machine.run('realserver status')).toMatchObject({
    stdout: 'realserver up has made nothing\n',
    status: 0,
  });
});

test('one of two VIPs goes; the settings go with the last', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  await machine.run('realserver up 192.0.2.10 192.0.2.11');
  expect((await machine.run('realserver down 192.0.2.10')).stdout).toBe('- address 192.0.2.10/32 on lo\n');
  expect(machine.host.addresses).toContainEqual({ link: 1, address: '192.0.2.11', prefix: 32 });
  await machine.run('realserver down 192.0.2.11');
  expect(machine.state).toEqual(before);
});

test('--dry-run prints commands and changes nothing; --json prints steps', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  expect((await machine.run('realserver up 2001:db8::10 --dry-run')).stdout).toBe(
    'ip address add 2001:db8::10/128 dev lo\n',
  );
  const { stdout } = await machine.run('realserver up 2001:db8::10 --dry-run --json');
  expect(JSON.parse(stdout)).toEqual({
    steps: [{ kind: 'address', link: 'lo', address: '2001:db8::10', prefix: 128 }],
    files: [],
  });
  expect(machine.state).toEqual(before);
  expect(JSON.parse((await machine.run('realserver up 2001:db8::10 --json')).stdout).made).toHaveLength(1);
  expect(JSON.parse((await machine.run('realserver status --json')).stdout).steps).toMatchObject([
    { asMade: true },
  ]);
  expect(JSON.parse((await machine.run('realserver down --json')).stdout)).toMatchObject({
    undone: [{ kind: 'address' }],
    left: [],
  });
});

test('a step that the kernel refuses: all is taken back', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  machine.host.refuse = () => 1;
  expect(await machine.run('realserver up 192.0.2.10')).toEqual({
    stdout: '',
    stderr:
      'ipvsadm: address 192.0.2.10/32 on lo: Operation not permitted\n' +
      'ipvsadm: nothing is changed: what had been made was taken back\n',
    status: expect.any(Number),
  });
  expect(machine.state).toEqual(before);
});

test('masquerading: the default route alone counts', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  const line = 'realserver up 192.0.2.10 --method masquerading';
  expect(await machine.run(`${line} --director 10.0.0.1`)).toMatchObject({
    stdout: 'nothing to change\n',
    status: 0,
  });
  expect(await machine.run(`${line} --director 10.0.0.2`)).toMatchObject({
    stderr:
      'ipvsadm: the default route leads to 10.0.0.1 and not to the director: ip route replace default via 10.0.0.2\n',
    status: 1,
  });
  machine.host.routes = [];
  expect(await machine.run(line)).toMatchObject({
    stderr:
      'ipvsadm: this machine has no default route, so its answers cannot pass the director: ip route replace default via DIRECTOR\n',
    status: 1,
  });
  expect({ ...(machine.state as object) }).toEqual(before);
});

test('a journal that is none', async () => {
  const machine = new WholeMachine();
  machine.files['/run/ipvsadm/realserver-1.json'] = 'strange';
  expect(await machine.run('realserver down')).toMatchObject({
    stderr:
      'ipvsadm: /run/ipvsadm/realserver-1.json is not a journal of this program: it says what was there before; move it away\n',
    status: 2,
  });
});

test.each([
  ['realserver up', 'VIP'],
  ['realserver up 192.0.2.300', '192.0.2.300: is not an IP address, such as 192.0.2.10 or 2001:db8::10'],
  ['realserver up 127.0.0.1', '127.0.0.1: a VIP is a unicast address, and not one of loopback'],
  [
    'realserver up 192.0.2.10/24',
    '192.0.2.10/24: a VIP has no prefix: it is always 192.0.2.10/32; a wider one would make its subnet local to this machine',
  ],
  ['realserver up 2001:db8::10/64', 'it is always 2001:db8::10/128'],
  ['realserver up 192.0.2.10 --interface eth7', '--interface eth7: this machine has lo, eth0'],
  ['realserver up 192.0.2.10 --local here', '--local here is not an IP address, such as 10.0.0.17'],
  ['realserver up 192.0.2.10 --director there', '--director there is not an IP address'],
  ['realserver up 192.0.2.10 --tun-csum', '--tun-csum is for --method gre; --method is direct'],
  ['realserver up 192.0.2.10 --method gre --tun-csum', '--tun-csum needs --director ADDRESS'],
  ['realserver up 192.0.2.10 --method teleport', '--method'],
  [
    'realserver up 192.0.2.10 --method gue --tun-port 70000',
    '--tun-port 70000: must be a port from 1 to 65535',
  ],
  ['realserver down 192.0.2.10', '192.0.2.10: not a VIP that realserver up made; there are none'],
  ['realserver down here', 'here is not an IP address, such as 192.0.2.10 or 2001:db8::10'],
  ['realserver script sideways 192.0.2.10', 'sideways'],
  ['realserver script up', 'a VIP is missing, such as 192.0.2.10'],
  [
    'realserver script up 192.0.2.10 --method tunnel',
    '--method tunnel needs --local ADDRESS: that of the real server',
  ],
])('%s: a message, and nothing is changed', async (line, message) => {
  const machine = new WholeMachine();
  const before = machine.state;
  const { stdout, stderr, status } = await machine.run(line);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^ipvsadm: /);
  expect(stdout).toBe('');
  expect(status).toBe(2);
  expect(machine.state).toEqual(before);
});

test('a tunnel needs an address of this machine', async () => {
  const machine = new WholeMachine();
  machine.host.addresses = [];
  expect((await machine.run('realserver up 192.0.2.10 --method tunnel')).stderr).toContain(
    'no interface has an address that the director could send to; name it with --local ADDRESS',
  );
});

test('the address that the director sends to is that of the interface', async () => {
  const { stdout } = await new WholeMachine().run('realserver up 192.0.2.10 --method tunnel --dry-run');
  expect(stdout).toContain('ip link add lvs-ipip type ipip local 10.0.0.17 remote any\n');
});
