/** The table of deliberate differences against the recordings and the documentation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRecordings, readRecording } from './cases';
import { applied, type Exception, exceptions, isAbout } from './exceptions';

const steps = allRecordings.flatMap((name) =>
  readRecording(name).cases.flatMap((entry) => entry.steps.map((step) => ({ name, entry, step }))),
);

test.each(exceptions.map((exception) => [titleOf(exception), exception] as const))(
  '%s changes what some recorded command line is expected to do',
  (_title, exception) => {
    const changed = steps.filter(({ name, entry, step }) => {
      if (!isAbout(exception, name, entry, step)) return false;
      const recorded = { stdout: step.stdout, stderr: step.stderr, status: step.status ?? 128 };
      return JSON.stringify(applied(exception, recorded, step, entry)) !== JSON.stringify(recorded);
    });
    const recordingsChanged = new Set(changed.map(({ name }) => name));
    expect([...recordingsChanged].sort()).toEqual([exception.recording].flat().sort());
  },
);

describe('docs/compatibility.md', () => {
  const documented = differencesIn(readFileSync(join(__dirname, '../../docs/compatibility.md'), 'utf8'));

  test('has a row for every quirk of the exceptions, marked as recorded, and no other marked row', () => {
    const recorded = documented.filter(({ tests }) => tests.includes('test/golden')).map(({ id }) => id);
    const quirks = [...new Set(exceptions.map(({ quirk }) => quirk))];
    expect(recorded.sort()).toEqual(quirks.sort());
  });

  test('names each difference once', () => {
    const ids = documented.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('names tests that exist', () => {
    const paths = new Set(documented.flatMap(({ tests }) => tests));
    const missing = [...paths].filter((path) => !existsSync(join(__dirname, '../..', path)));
    expect({ paths: paths.size > 0, missing }).toEqual({ paths: true, missing: [] });
  });

  test('has a row for every difference that a comment in src names', () => {
    const named = sourceTexts().flatMap((text) =>
      [...text.matchAll(/docs\/compatibility\.md, ([a-z0-9-]+)\b/g)].map(([, id]) => id!),
    );
    const ids = documented.map(({ id }) => id);
    expect({ found: named.length > 0, missing: named.filter((id) => !ids.includes(id)) }).toEqual({
      found: true,
      missing: [],
    });
  });
});

/** The rows of the table of differences: its first cell is the id, its last one names the tests. */
function differencesIn(page: string): { id: string; tests: string[] }[] {
  return page
    .split('\n')
    .filter((line) => /^\| `[a-z0-9-]+` +\|/.test(line))
    .map((line) => ({
      id: /`([a-z0-9-]+)`/.exec(line)![1]!,
      tests: [
        ...line
          .split('|')
          .at(-2)!
          .matchAll(/`(test\/[^`]+)`/g),
      ].map(([, path]) => path!),
    }));
}

function titleOf({ quirk, recording, cases, lines, inject }: Exception): string {
  return [quirk, [recording].flat().join(), cases?.source, lines?.source, inject?.source]
    .filter((part) => part !== undefined)
    .join(' ');
}

function sourceTexts(): string[] {
  const root = join(__dirname, '../../src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'));
}
