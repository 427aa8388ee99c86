/**
 * Prints the notes of a release: the section of CHANGELOG.md for its tag.
 *
 *     node --import tsx scripts/release-notes.ts v0.2.0
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../package.json';

/**
 * Returns the section of a changelog for the version that `tag` names, without its heading.
 * @param changelog text in the format of https://keepachangelog.com/en/1.1.0/
 * @param tag `v` and a version.
 * @param version the version in package.json.
 * @throws when the tag names another version, or the section is missing, empty or has no date.
 */
export function releaseNotes(changelog: string, tag: string, version: string): string {
  if (tag !== `v${version}`) {
    throw new Error(`tag ${tag}: package.json has version ${version}, which requires tag v${version}`);
  }
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section '## [${version}] - YYYY-MM-DD'`);
  const [heading, ...lines] = section.split('\n');
  if (!/^\[\S+\] - \d{4}-\d\d-\d\d$/.test(heading!)) {
    throw new Error(`CHANGELOG.md: '## ${heading}' has no date: '## [${version}] - YYYY-MM-DD' is expected`);
  }
  const notes = lines.join('\n').trim();
  if (notes === '') throw new Error(`CHANGELOG.md: the section of ${version} is empty`);
  return `${notes}\n`;
}

if (require.main === module) {
  const [, , tag] = process.argv;
  try {
    if (!tag) throw new Error('usage: release-notes.ts TAG');
    const changelog = readFileSync(join(__dirname, '../CHANGELOG.md'), 'utf8');
    process.stdout.write(releaseNotes(changelog, tag, version));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
