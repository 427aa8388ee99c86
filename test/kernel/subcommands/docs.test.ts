/**
 * Runs the examples of docs/servers.md: a line after '# ' is a command, the lines below it are its
 * output.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellCommand } from '../../lab';
import { connectLab } from '../../lab/client';

const text = readFileSync(join(__dirname, '../../../docs/servers.md'), 'utf8');
const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block!);

test('the examples of docs/servers.md print the output shown there', async () => {
  const commands = blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('# '))
    .map((line) => line.slice(2));
  expect(commands.length).toBeGreaterThan(8);
  const steps = commands.map(
    (command) =>
      `${shellCommand(['printf', '%s\n', `# ${command}`])}\n${shellCommand(['sh', '-c', command])} 2>&1\n`,
  );
  const { stdout, stderr } = await connectLab().run({
    script: `
mkdir -p /tmp/bin /run/netns
ln -s "$IPVSADM_NODE" /tmp/bin/ipvsadm
export PATH="/tmp/bin:$PATH"
${steps.join('')}`,
    timeoutSeconds: 100,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    stdout: blocks.join(''),
    stderr: '',
  });
}, 120_000);
