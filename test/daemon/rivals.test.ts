/** Who else tends the table, by the processes of a machine that is made up. */
import { rivals } from '../../src/daemon/rivals';

function machine(processes: Readonly<Record<string, { comm: string; line?: string; namespace?: string }>>) {
  return {
    readDirectory: () => ['self', 'net', ...Object.keys(processes)],
    readFile: (path: string) => {
      const [, pid, file] = /^\/proc\/(\d+)\/(\w+)$/.exec(path)!;
      const { comm, line } = processes[pid!]!;
      return file === 'comm' ? `${comm}\n` : line?.replaceAll(' ', '\0');
    },
    fileIdentity: (path: string) => processes[/\d+/.exec(path)?.[0] ?? '']?.namespace ?? 'ours',
  };
}

test('names those of this network namespace', () => {
  expect(
    rivals(
      machine({
        1: { comm: 'init' },
        12: { comm: 'keepalived', line: 'keepalived -n -l' },
        13: { comm: 'ldirectord' },
        14: { comm: 'kube-proxy', namespace: 'another' },
      }),
    ),
  ).toEqual(['keepalived (process 12)', 'ldirectord (process 13)']);
});

test.each(['keepalived -P -n', '/usr/sbin/keepalived --vrrp'])('%s tends no table', (line) => {
  expect(rivals(machine({ 12: { comm: 'keepalived', line } }))).toEqual([]);
});
