/**
 * Runs the examples of some pages: a line after '# ' is a command, the lines below it are its
 * output.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellCommand } from '../../lab';
import { connectLab } from '../../lab/client';

const withoutTimes = (printed: string) => printed.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME');

test.each(['servers', 'exit-status'])(
  'the examples of docs/%s.md print the output shown there',
  async (page) => {
    const text = readFileSync(join(__dirname, `../../../docs/${page}.md`), 'utf8');
    const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block!);
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
mkdir -p /tmp/bin /tmp/work /run/netns /var/lib/ipvsadm && cd /tmp/work && mount -t tmpfs none /var/lib/ipvsadm
ln -s "$IPVSADM_NODE" /tmp/bin/ipvsadm
export PATH="/tmp/bin:$PATH"
${steps.join('')}`,
      timeoutSeconds: 100,
    });
    expect({ stdout: withoutTimes(stdout.toString()), stderr: stderr.toString() }).toEqual({
      stdout: withoutTimes(blocks.join('')),
      stderr: '',
    });
  },
  120_000,
);
