/** up is killed with SIGKILL before each change that it makes: down cleans, and another up finishes. */
import { play } from './ground';

/** How often up was killed, once the other lines have said that all was well. */
function kills(lines: readonly string[], name: string): number {
  expect(lines).toEqual([`${name} as before`, expect.stringMatching(/^killed \d+ times$/)]);
  return Number(/\d+/.exec(lines[1]!));
}

test('a real server of GUE', async () => {
  const lines = await play(`
sw lan
host real lan 10.0.0.17/24
killed_anywhere real "$IPVSADM_NODE" "realserver up 10.0.0.13 --method gue" "realserver down"`);
  // The journal, four ARP settings, the port, the device, its being up, its filter, the VIP.
  expect(kills(lines, 'real')).toBeGreaterThanOrEqual(10);
}, 300_000);

test('a director that has to tell the neighbours through the kernel', async () => {
  const lines = await play(`
sw lan
host director lan 10.0.0.12/24
printf '%s\\n' '-A -t 10.0.0.13:80 -s rr' '-a -t 10.0.0.13:80 -r 10.0.0.17:80 -m' >rules
bare_program
killed_anywhere director /tmp/bare/bin/ipvsadm "director up rules" "director down"`);
  // The journal, three settings, the former table, the table, the journal, the VIP, the helper that is not
  // there (twice), and for the announcement the journal, the setting, the MAC, the setting, the journal.
  expect(kills(lines, 'director')).toBeGreaterThanOrEqual(13);
}, 300_000);
