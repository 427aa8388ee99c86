import {
  isPlainWord,
  optionsIn,
  optionsText,
  persistentPaths,
  sysctlsText,
  unitText,
} from '../../src/setup/persist';
import { realServerSteps } from '../../src/setup/realserver';
import { realServer } from './machines';

test('the ARP settings alone are for sysctl.d', () => {
  const steps = realServerSteps({ ...realServer, method: 'tunnel', local: '10.0.0.17' });
  expect(sysctlsText(steps)!.split('\n').slice(1)).toEqual([
    'net/ipv4/conf/all/arp_ignore = 1',
    'net/ipv4/conf/all/arp_announce = 2',
    'net/ipv4/conf/eth0/arp_ignore = 1',
    'net/ipv4/conf/eth0/arp_announce = 2',
    '',
  ]);
  expect(sysctlsText(realServerSteps({ ...realServer, vips: ['2001:db8::10'] }))).toBeUndefined();
});

test('the options are read as they were written', () => {
  const words = ['192.0.2.10', '2001:db8::10', '--method=gue', '--interface=eth0.7'];
  expect(optionsIn(optionsText(words))).toEqual(words);
  expect(optionsIn('')).toEqual([]);
});

test.each([
  ['--interface=eth0.7', true],
  ['2001:db8::10', true],
  ['--interface=a"b', false],
  ['--interface=$HOME', false],
  ['--interface=a b', false],
])('%s stands for itself: %s', (word, plain) => {
  expect(isPlainWord(word)).toBe(plain);
});

test('the unit runs the program with the options, if there are any', () => {
  const lines = unitText('/usr/sbin/ipvsadm').split('\n');
  expect(lines).toContain('ExecStart=/usr/sbin/ipvsadm realserver up $OPTIONS');
  expect(lines).toContain(`EnvironmentFile=${persistentPaths.options}`);
  expect(lines).toContain(`ConditionPathExists=${persistentPaths.options}`);
  expect(lines).toContain('WantedBy=multi-user.target');
  expect(lines.join()).not.toContain('PATH=/');
  expect(unitText('/opt/bin/ipvsadm', '/opt/node:/bin')).toContain('\nEnvironment=PATH=/opt/node:/bin\n');
});
