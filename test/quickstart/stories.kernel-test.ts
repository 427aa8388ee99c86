/** Plays every story on a real kernel, and holds what the guide quotes of it to what it shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, openLab } from '../lab';
import { connectLab } from '../lab/client';
import { differences } from './guide';
import { playStory } from './play';
import { stories } from './stories';
import type { Story } from './story';

const guides = ['docs/guide.md', 'docs/guide.zh.md'];
const all: [name: string, story: Story][] = Object.entries(stories);

function differencesOfGuides(name: string, sections: Parameters<typeof differences>[2]) {
  return Object.fromEntries(
    guides.map((guide) => {
      const page = readFileSync(join(__dirname, '../..', guide), 'utf8');
      return [guide, differences(page, name, sections)];
    }),
  );
}

async function expectAsTold(lab: Lab, name: string, story: Story): Promise<void> {
  const { sections, problems } = await playStory(lab, story);
  expect({ problems, ...differencesOfGuides(name, sections) }).toEqual({
    problems: [],
    'docs/guide.md': [],
    'docs/guide.zh.md': [],
  });
}

test.each(all.filter(([, { needsNftables }]) => !needsNftables))(
  'the story %s has the results that it and the guide tell',
  async (name, story) => {
    await expectAsTold(connectLab(), name, story);
  },
  600_000,
);

describe('on a kernel with nftables', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ backend: 'qemu' });
  }, 600_000);
  afterAll(async () => {
    await lab?.close();
  });

  test.each(all.filter(([, { needsNftables }]) => needsNftables))(
    'the story %s has the results that it and the guide tell',
    async (name, story) => {
      await expectAsTold(lab, name, story);
    },
    900_000,
  );
});
