import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab';
import { differences } from './guide';
import { playStory } from './play';
import { type StoryName, stories } from './stories';

const guides = ['docs/guide.md', 'docs/guide.zh.md'];

/** Plays a story. @returns what is not as the story or the guides tell: nothing, if all is well. */
export async function notAsTold(lab: Lab, name: StoryName): Promise<string[]> {
  const { sections, problems } = await playStory(lab, stories[name]);
  if (problems.length > 0) return [...problems]; // it may have ended before what the guides quote
  return guides.flatMap((guide) => {
    const page = readFileSync(join(__dirname, '../..', guide), 'utf8');
    return differences(page, name, sections).map((difference) => `${guide}, ${difference}`);
  });
}
