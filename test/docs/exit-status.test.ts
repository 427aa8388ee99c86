/** docs/exit-status.md has every status of src/errors/exit-status.ts, and so has help. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpOn } from '../../src/commands/help';
import { exitMeanings, exitStatus } from '../../src/errors/exit-status';
import { interruptions } from '../../src/platform/interactive-system';

const page = readFileSync(join(__dirname, '../../docs/exit-status.md'), 'utf8');
/** The first cells of the page's first table. */
const documented = page
  .split('\n\n')
  .find((block) => block.startsWith('| status'))!
  .split('\n')
  .slice(2)
  .map((row) => row.split('|')[1]!.trim());

const SIGHUP = 1;

test('the page has every status, and no other', () => {
  const { signalled, ...others } = exitStatus;
  const signals = [SIGHUP, ...Object.values(interruptions), 13 /* SIGPIPE */].map(
    (signal) => signalled + signal,
  );
  const statuses = [...new Set<number>([...Object.values(others), ...signals])];
  expect(
    [...new Set(documented.flatMap((cell) => cell.split(', ').map(Number)))].sort((a, b) => a - b),
  ).toEqual(statuses.sort((a, b) => a - b));
});

test('help has them in short', async () => {
  const { signalled, ...others } = exitStatus;
  const short = exitMeanings.map(([status]) => status);
  expect(short).toEqual([...new Set(Object.values(others))].map(String).concat(`${signalled}+N`));
  const help = await helpOn([]);
  for (const [status, meaning] of exitMeanings) {
    expect(help.replaceAll(/\s+/g, ' ')).toContain(`${status} ${meaning}`);
  }
});
