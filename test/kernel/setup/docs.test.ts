/** Runs the examples of docs/director.md: `NAME# COMMAND` on a machine of that name, the lines below are its output. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellCommand } from '../../lab';
import { play } from './ground';

const text = readFileSync(join(__dirname, '../../../docs/director.md'), 'utf8');
const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block!.trimEnd());
const file = /```yaml\n([\s\S]*?)```/.exec(text)![1]!;

test('the examples of docs/director.md print the output shown there, and requests are served', async () => {
  const shown = blocks.join('\n').split('\n');
  const steps = shown.flatMap((line) => {
    const [, name, command] = /^(\w+)# (.*)$/.exec(line) ?? [];
    if (name === undefined || command === undefined) return [];
    const run = `n ${name} ${command.replace(/^ipvsadm/, '$IPVSADM_NODE')}`;
    const asked = command.endsWith('status') ? ['gets client 192.0.2.10 80 4 >/tmp/served'] : [];
    return [shellCommand(['echo', line]), run, ...asked];
  });
  expect(steps.length).toBeGreaterThan(10);
  const lines = await play(`
sw lan
host client lan 192.0.2.11/24; host lvs01 lan 192.0.2.12/24
host web01 lan 192.0.2.17/24; host web02 lan 192.0.2.18/24
for h in web01 web02; do web $h 80; done
${shellCommand(['printf', '%s', file])} >lvs.yaml
${steps.join('\n')}
cat /tmp/served`);
  expect(lines).toEqual([...shown, 'web01=2 web02=2']);
}, 120_000);
