import { usagesOf } from '../../../src/commands/support/usage';
import { commands } from '../../../src/commands/tree';

const SERVICE = '-t ADDRESS[:PORT] | -u ADDRESS[:PORT] | --sctp ADDRESS[:PORT] | -f MARK [-6]';

test.each([
  ['version', ''],
  ['zero', `[${SERVICE}]`],
  ['service:delete', `(${SERVICE})`],
  ['set-timeouts', 'TCP TCPFIN UDP'],
  ['schema', '[WHAT]'],
  [
    'convert',
    'FILE --to json|rules|keepalived|ldirectord [--from rules|json|yaml|keepalived|ldirectord] [--output FILE] [--strict] [--config-id NAME]',
  ],
  [
    'restore',
    '[FILE...] [--format rules|json|yaml|keepalived|ldirectord] [--strict] [--config-id NAME] [--check] [--[no-]trial]',
  ],
  [
    'diff',
    'FILE [--format rules|json|yaml|keepalived|ldirectord] [--strict] [--config-id NAME] [--only SERVICE...] [--keep-weights] [--json] [--color auto|always|never]',
  ],
  [
    'server:drain',
    '(NAME | --host ADDRESS) [--wait [--until empty|idle] [--timeout SECONDS] [--interval SECONDS] | --json] [--for DURATION] [--reason TEXT] [--socket PATH]',
    `(${SERVICE}) -r ADDRESS[:PORT] [--wait [--until empty|idle] [--timeout SECONDS] [--interval SECONDS] [--delete]]`,
  ],
  ['server:ready', '(NAME | --host ADDRESS) [--for DURATION] [--reason TEXT] [--socket PATH] [--json]'],
  [
    'list',
    `[${SERVICE} | -c | --timeout | --daemon] [-n | --resolve] [--stats | --rate | --thresholds | --persistent-conn | --tun-info] [--nosort] [--json | --pretty] [-X] [--syncid ID] [--color auto|always|never] [--all-netns]`,
  ],
])('%s', (id, ...usages) => {
  const withoutGlobals = Object.create(commands[id]!, { baseFlags: { value: {} } });
  expect(usagesOf(withoutGlobals)).toEqual(usages);
});
