import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { releaseNotes } from '../../scripts/release-notes';

const changelog = `# Changelog

## [Unreleased]

## [1.10.0] - 2026-12-01

### Added

- Ten.

### Fixed

- One.

## [1.1.0] - 2026-11-30

- Older.

## [1.0.0]

- Undated.

## [0.9.0] - 2026-11-01
`;

test.each([
  ['a section in the middle', '1.10.0', '### Added\n\n- Ten.\n\n### Fixed\n\n- One.\n'],
  ['a version that another one starts like', '1.1.0', '- Older.\n'],
])('the notes are %s', (_, version, notes) => {
  expect(releaseNotes(changelog, `v${version}`, version)).toBe(notes);
});

test.each([
  [
    'a tag of another version',
    'v1.1.0',
    '1.10.0',
    'tag v1.1.0: package.json has version 1.10.0, which requires tag v1.10.0',
  ],
  [
    'a tag without v',
    '1.1.0',
    '1.1.0',
    'tag 1.1.0: package.json has version 1.1.0, which requires tag v1.1.0',
  ],
  ['a missing section', 'v2.0.0', '2.0.0', "CHANGELOG.md has no section '## [2.0.0] - YYYY-MM-DD'"],
  [
    'a section without a date',
    'v1.0.0',
    '1.0.0',
    "CHANGELOG.md: '## [1.0.0]' has no date: '## [1.0.0] - YYYY-MM-DD' is expected",
  ],
  ['an empty section', 'v0.9.0', '0.9.0', 'CHANGELOG.md: the section of 0.9.0 is empty'],
])('%s is an error', (_, tag, version, message) => {
  expect(() => releaseNotes(changelog, tag, version)).toThrow(new Error(message));
});

test('CHANGELOG.md has a section for the version of package.json', () => {
  const text = readFileSync(join(__dirname, '../../CHANGELOG.md'), 'utf8');
  expect(releaseNotes(text, `v${version}`, version)).toContain('### ');
});
