/** Compares the table of deliberate differences with the recordings and the documentation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRecordings, readRecording } from './cases';
import { applied, appliesTo, type Exception, exceptions } from './exceptions';

const steps = allRecordings.flatMap((name) =>
  readRecording(name).cases.flatMap((entry) => entry.steps.map((step) => ({ name, entry, step }))),
);

test.each(exceptions.map((exception) => [titleOf(exception), exception] as const))(
  '%s changes the expectation of a recorded command line',
  (_title, exception) => {
    const changed = steps.filter(({ name, entry, step }) => {
      if (!appliesTo(exception, name, entry, step)) return false;
      const recorded = { stdout: step.stdout, stderr: step.stderr, status: step.status ?? 128 };
      return JSON.stringify(applied(exception, recorded, step, entry)) !== JSON.stringify(recorded);
    });
    const recordingsChanged = new Set(changed.map(({ name }) => name));
    expect([...recordingsChanged].sort()).toEqual([exception.recording].flat().sort());
  },
);

describe('docs/compatibility.md', () => {
  const documented = differencesIn(readFileSync(join(__dirname, '../../docs/compatibility.md'), 'utf8'));

  test('has a row for each quirk of the exceptions that names test/golden, and no other such row', () => {
    const recorded = documented.filter(({ tests }) => tests.includes('test/golden')).map(({ id }) => id);
    const quirks = [...new Set(exceptions.map(({ quirk }) => quirk))];
    expect(recorded.sort()).toEqual(quirks.sort());
  });

  test('has each difference once', () => {
    const ids = documented.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('names tests that exist', () => {
    const paths = new Set(documented.flatMap(({ tests }) => tests));
    const missing = [...paths].filter((path) => !existsSync(join(__dirname, '../..', path)));
    expect({ paths: paths.size > 0, missing }).toEqual({ paths: true, missing: [] });
  });

  test('has a row for each difference that a comment in src names', () => {
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

/**
 * Returns the rows of the table of differences. The first cell has the ID, the last one the tests.
 */
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
