import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences, filled, quotesIn, withoutChance } from './guide';
import { type StoryName, stories } from './stories';
import type { SectionResult, Story } from './story';

const read = (page: string) => readFileSync(join(__dirname, '../../docs', page), 'utf8');
const guides = ['guide.md', 'guide.zh.md'];

const run: SectionResult[] = [
  {
    title: 'a section',
    steps: [
      { place: 'director', command: 'ipvsadm -ln', id: 'list', output: 'size=256\n', exit: 0 },
      { place: 'lab', command: 'tcpdump', inBackground: true, id: 'packets-start', output: '', exit: 0 },
      { place: 'client', command: 'wget', output: 'this is real1\n', exit: 0 },
      {
        place: 'lab',
        command: 'wait',
        awaits: true,
        id: 'packets',
        output: '1.2.3.4.40000 > ...\n',
        exit: 0,
      },
      { place: 'client', command: 'visit', id: 'rr', output: 'all\nreal1 2, real2 2\n', exit: 0 },
      { place: 'client', command: 'visit', id: 'mh', output: 'all\nreal1 1, real2 3\n', exit: 0 },
    ],
  },
];

const page = `# A page
<!-- story nat: list packets -->

\`\`\`
director# ipvsadm -ln
size=4096
lab# tcpdump &
client$ wget
this is real1
lab# wait
1.2.3.4.50001 > ...
\`\`\`

<!-- shares nat -->

| scheduler | shares |
| --------- | ------ |
| \`rr\` | real1 2, real2 2 |
| \`mh\` | real1 1, real2 3 |
`;

test('what a page quotes is found', () => {
  expect(quotesIn(page)).toEqual([
    { story: 'nat', ids: ['list', 'packets'], kind: 'block', start: 4, end: 11 },
    { story: 'nat', ids: ['rr', 'mh'], kind: 'table', start: 17, end: 19 },
  ]);
});

test('a mark without a block is an error', () => {
  expect(() => quotesIn('<!-- story nat: list -->\n\nText\n')).toThrow('line 1: no block of code follows');
});

test('ports, times and sizes are no difference; everything else is', () => {
  expect(differences(page, 'nat', run)).toEqual([]);
  expect(differences(page, 'gre', run)).toEqual([]);
  const wrong = page
    .replace('this is real1', 'this is real2')
    .replace('real1 2, real2 2', 'real1 3, real2 1');
  expect(differences(wrong, 'nat', run).map((text) => text.split('\n')[0])).toEqual(['line 5:', 'line 18:']);
});

test('a page is filled with the outputs of a run', () => {
  const former = page.replace('real1 1, real2 3', 'x');
  const written = filled(former, 'nat', run);
  expect(written.split('\n').filter((line) => !former.split('\n').includes(line))).toEqual([
    'size=256',
    '1.2.3.4.40000 > ...',
    '| `mh` | real1 1, real2 3 |',
  ]);
});

test.each([
  ['10.0.0.11.44074 > 10.0.0.13.80: tcp 0', '10.0.0.11.PORT > 10.0.0.13.80: tcp 0'],
  ['10.0.0.17:8080   10        10     3.4 ms    16.3 ms', '10.0.0.17:8080 10 10 TIME TIME'],
  ['TCP 00:03  ASSURED     10.0.4.200:0', 'TCP TIME STATE 10.0.4.200:0'],
  [
    'since the event: 302 requests, 27 lost (26 refused, 1 unanswered), the last one 2.1 s after it',
    'since the event: N requests, N lost, the last one TIME after it',
  ],
  ['since the event: 302 requests, none lost', 'since the event: N requests, none lost'],
  ['web/real2  down  6s  ready  0  http: refused (3ms)', 'web/real2 down TIME ready 0 http: refused (TIME)'],
  ['2026-11-26 06:44:49 server-up     web/real2 is up', 'TIME server-up web/real2 is up'],
  ['10.0.0.18:80: 7 active, 0 inactive', '10.0.0.18:80: N active, 0 inactive'],
])('%s is compared as %s', (line, compared) => {
  expect(withoutChance(line)).toBe(compared);
});

test.each(guides)('%s quotes steps that the stories have', (name) => {
  const quotes = quotesIn(read(name));
  expect(quotes.length).toBeGreaterThan(20);
  const unknown = quotes.flatMap(({ story, ids }) => ids.filter((id) => !idsOf(story).includes(id)));
  expect(unknown).toEqual([]);
});

test('both guides quote the same steps, and every story', () => {
  const [english, chinese] = guides.map((name) =>
    quotesIn(read(name)).map(({ story, ids }) => `${story}: ${ids.join(' ')}`),
  );
  expect(chinese).toEqual(english);
  const told = new Set(guides.flatMap((name) => quotesIn(read(name)).map(({ story }) => story)));
  expect([...told].sort()).toEqual(Object.keys(stories).sort());
});

function idsOf(name: string): string[] {
  const story: Story | undefined = stories[name as StoryName];
  return (story?.sections ?? []).flatMap(({ steps }) => steps.flatMap(({ id }) => id ?? []));
}
