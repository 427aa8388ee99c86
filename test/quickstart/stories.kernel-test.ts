/** Plays every story on a real kernel, and holds what the guide quotes of it to what it shows. */
import { connectLab } from '../lab/client';
import { notAsTold } from './as-told';
import { type StoryName, stories } from './stories';
import type { Story } from './story';

const all = Object.entries(stories) as [name: StoryName, story: Story][];
// fullnat.kernel-test.ts plays the others.
const names = all.filter(([, { needsNftables }]) => !needsNftables).map(([name]) => name);

test.each(names)(
  'the story %s has the results that it and the guide tell',
  async (name) => {
    expect(await notAsTold(connectLab(), name)).toEqual([]);
  },
  600_000,
);
