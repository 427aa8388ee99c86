import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceManager } from '../../src/daemon/service-manager';

test('says one thing after the other, and no sign of life while something waits', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ipvsadm-systemd-'));
  try {
    const [program, out] = [join(directory, 'systemd-notify'), join(directory, 'out')];
    writeFileSync(program, `#!/bin/sh\n[ "$1" = READY=1 ] && sleep 0.1\necho "$@" >>${out}\n`, {
      mode: 0o755,
    });
    const manager = new ServiceManager({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '9000000' }, program);
    manager.say('READY=1');
    manager.say('RELOADING=1', 'MONOTONIC_USEC=7');
    manager.beat();
    const said = () => {
      try {
        return readFileSync(out, 'utf8');
      } catch {
        return '';
      }
    };
    while (said().split('\n').length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(said()).toBe('READY=1\nRELOADING=1 MONOTONIC_USEC=7\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.each<[string, Record<string, string>, number | undefined]>([
  ['none without systemd', { WATCHDOG_USEC: '9000000' }, undefined],
  ['none unless it is wanted', { NOTIFY_SOCKET: '/run/x' }, undefined],
  [
    'none for another process',
    { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '9000000', WATCHDOG_PID: '1' },
    undefined,
  ],
  ['a third of the limit', { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '9000000' }, 3000],
])('signs of life: %s', (_, environment, expected) => {
  expect(new ServiceManager(environment, 'true').watchdog).toBe(expected);
});

test('a program that is not there is no failure', async () => {
  new ServiceManager({ NOTIFY_SOCKET: '/run/x' }, '/nonexistent').say('READY=1');
  await new Promise((resolve) => setTimeout(resolve, 20));
});
