/**
 * Repeats listings of live tables with traffic. The kernel's files and the counters are taken from
 * the recording, so that the order, columns and names of each listing can be compared.
 */
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';
import { type LiveRecordingName, liveRecordings, readLive, readRecording, type Step } from './cases';
import { expectedOf } from './exceptions';
import { shown } from './shown';
import { rulesOfListing, setNumbers } from './table-of-listing';

const CONNECTIONS = '/proc/net/ip_vs_conn';

/** Recorded kernel files that ipvsadm does not read. */
const otherFiles = ['/proc/net/ip_vs_stats', '/proc/net/ip_vs_status'];

/** The most by which expiry times may differ between the recorded file and the recorded listing. */
const MAX_SECONDS_BETWEEN = 30;

describe.each(liveRecordings)('%s', (name) => {
  const recording = readLive(name);
  const [entry] = readRecording(name).cases;

  test('the recording has no other files', () => {
    const files = recording.flatMap((line) => ('file' in line ? [line.file] : []));
    expect([...new Set(files)].filter((file) => file !== CONNECTIONS && !otherFiles.includes(file))).toEqual(
      [],
    );
  });

  const kernel = new FakeKernel();
  beforeAll(async () => {
    const listing = entry!.steps.find(({ argv }) => argv.join(' ') === '-L -n')!.stdout;
    const outcome = await run(['-R'], { stdin: rulesOfListing(listing) });
    expect(outcome).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  function run(args: readonly string[], world: { stdin?: string; files?: Record<string, string> }) {
    return runIn({ args, ...world, openTransport: () => kernel.open() }, main);
  }

  test.each(entry!.steps.map((step, index) => [`${index}: ${step.argv.join(' ')}`, step] as const))(
    '%s',
    async (_title, step) => {
      const expected = expectedOf(name, entry!, step);
      const files = step.argv.includes('-c') ? { [CONNECTIONS]: connectionsAt(name, expected.stdout) } : {};
      if (isTableListing(step)) setNumbers(kernel, step.argv, step.stdout);
      const outcome = await run(step.argv, { files });
      expect(shown(step, outcome, expected)).toEqual(shown(step, expected, expected));
    },
  );
});

function isTableListing({ argv }: Step): boolean {
  return argv[0] === '-L' && !argv.includes('-c');
}

/** Returns the recorded connection table with the expiry times of `listing`. */
function connectionsAt(name: LiveRecordingName, listing: string): string {
  const file = readLive(name).find((line) => 'file' in line && line.file === CONNECTIONS) as {
    content: string;
  };
  const [title, ...rows] = file.content.trimEnd().split('\n');
  const times = [...listing.matchAll(/^\S+ +([0-9]+):([0-9]{2}) /gm)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  expect(times.length).toBe(rows.length);
  const moved = rows.map((row, index) =>
    row.replace(/^((?:\S+ +){8})([0-9]+)/, (_, fields: string, seconds: string) => {
      expect(Math.abs(Number(seconds) - times[index]!)).toBeLessThanOrEqual(MAX_SECONDS_BETWEEN);
      return fields + times[index];
    }),
  );
  return `${[title, ...moved].join('\n')}\n`;
}
