import { usagesOf } from '../../../src/commands/support/usage';
import { commands } from '../../../src/commands/tree';

const SERVICE = '-t ADDRESS[:PORT] | -u ADDRESS[:PORT] | --sctp ADDRESS[:PORT] | -f MARK [-6]';

test.each([
  ['version', '[--json | --yaml]'],
  ['zero', `[${SERVICE}] [--dry-run] [-q]`],
  ['service:delete', `(${SERVICE}) [--missing-ok] [--dry-run] [-q]`],
  [
    'set-timeouts',
    '[TCP] [TCPFIN] [UDP] [--dry-run] [-q]',
    '[--tcp SECONDS] [--tcp-fin SECONDS] [--udp SECONDS] [--dry-run] [-q]',
  ],
  ['schema', '[WHAT]'],
  ['history', '[--json | --yaml]'],
  ['history:show', 'NUMBER [--json | --yaml]'],
  ['undo', '[NUMBER] [--dry-run] [-q] [--json | --yaml] [--color auto|always|never]'],
  [
    'convert',
    'FILE --to json|yaml|rules|keepalived|ldirectord [--format rules|json|yaml|keepalived|ldirectord] [--output FILE] [--strict] [--config-id NAME] [-q]',
  ],
  [
    'restore',
    '[FILE...] [--format rules|json|yaml|keepalived|ldirectord] [--strict] [--config-id NAME] [--check [--json | --yaml] | --dry-run] [--[no-]trial] [-q]',
  ],
  [
    'diff',
    'FILE [--format rules|json|yaml|keepalived|ldirectord] [--strict] [--config-id NAME] [--only SERVICE...] [--keep-weights] [--json | --yaml] [--color auto|always|never] [-q]',
  ],
  [
    'server:drain',
    '(NAME | --host ADDRESS) [--wait [--until empty|idle] [--timeout SECONDS] [--interval SECONDS]] [--for DURATION] [--reason TEXT] [--socket PATH] [--json] [-q]',
    `(${SERVICE}) -r ADDRESS[:PORT]... [--wait [--until empty|idle] [--timeout SECONDS] [--interval SECONDS] [--delete] | --dry-run] [--missing-ok] [--json] [-q]`,
  ],
  ['server:ready', '(NAME | --host ADDRESS) [--for DURATION] [--reason TEXT] [--socket PATH] [--json] [-q]'],
  [
    'list',
    `[${SERVICE} | -c | --timeout | --daemon] [-n | --resolve] [--stats | --rate | --thresholds | --persistent-conn | --tun-info] [--nosort | --sort KEY] [--json | --[no-]pretty | --yaml] [-X] [--syncid ID] [--service SERVICE...] [--protocol PROTOCOL...] [--server ADDRESS[:PORT]...] [--state STATE...] [--watch [SECONDS] | --all-netns] [--color auto|always|never]`,
  ],
])('%s', (id, ...usages) => {
  const withoutGlobals = Object.create(commands[id]!, { baseFlags: { value: {} } });
  expect(usagesOf(withoutGlobals)).toEqual(usages);
});
