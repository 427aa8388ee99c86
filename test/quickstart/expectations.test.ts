import { brokenRelations, unmetExpectations } from './expectations';
import { stories } from './stories';
import type { Relation, SectionResult, Story } from './story';

const step = { place: 'director', command: 'ipvsadm -ln', exit: 0 };

test.each([
  ['a text', ['two']],
  ['a pattern', [/one.two/s]],
  ['what must be missing', [{ lacks: 'three' }]],
])('%s is met', (_, shows) => {
  expect(unmetExpectations({ ...step, output: 'one\ntwo\n', shows })).toEqual([]);
});

test.each([
  ['a text', 'three', "should show 'three', but shows:\none\n"],
  ['a pattern', /^two/, 'should show something like /^two/, but shows:\none\n'],
  ['what must be missing', { lacks: 'one' }, "should not show 'one', but shows:\none\n"],
])('%s is missed', (_, expected, message) => {
  const unmet = unmetExpectations({ ...step, output: 'one\n', shows: [expected] });
  expect(unmet).toEqual([`director: 'ipvsadm -ln' ${message}`]);
});

const section = (...outputs: string[]): SectionResult[] => [
  { title: 'requests', steps: outputs.map((output, index) => ({ ...step, output, id: `${index}` })) },
];
const one: Relation = { kind: 'one server', section: 'requests' };
const turns: Relation = { kind: 'take turns', section: 'requests' };
const same: Relation = { kind: 'same output', steps: ['0', '1'] };

test.each([
  ['one server', one, ['this is real1\n', 'size=256\n', 'this is real1\n']],
  ['turns', turns, ['this is real1\n', 'this is real2\n', 'this is real1\n']],
  ['the same output', same, ['size=256\n', 'size=256\n']],
])('%s holds', (_, relation, outputs) => {
  expect(brokenRelations([relation], section(...outputs))).toEqual([]);
});

test.each([
  ['two servers', one, ['this is real1\n', 'this is real2\n'], 'a client was sent to different servers'],
  ['no server', one, [], 'no web server answered'],
  ['no turns', turns, ['this is real1\n', 'this is real1\n'], 'the two servers should take turns'],
  ['one server alone', turns, ['this is real1\n'], 'the two servers should take turns'],
  ['another output', same, ['size=256\n', 'size=0\n'], 'should have the same output'],
  ['no output', same, ['size=256\n'], 'should have the same output'],
])('%s breaks a relation', (_, relation, outputs, message) => {
  const broken = brokenRelations([relation], section(...outputs));
  expect(broken).toEqual([expect.stringContaining(message)]);
});

test.each(Object.entries(stories))(
  'the story %s refers to steps by names that are unique',
  (_, story: Story) => {
    const steps = story.sections.flatMap((each) => each.steps);
    const ids = steps.flatMap(({ id }) => id ?? []);
    expect(ids).toEqual([...new Set(ids)]);
    const titles = story.sections.map(({ title }) => title);
    expect(titles).toEqual([...new Set(titles)]);
  },
);

test.each(Object.entries(stories))(
  'the story %s waits for what it starts, and expects something',
  (_, story: Story) => {
    const steps = story.sections.flatMap((each) => each.steps);
    const kinds = steps.flatMap(({ inBackground, awaits }) =>
      inBackground ? ['start'] : awaits ? ['wait'] : [],
    );
    expect(kinds).toEqual(kinds.map((_kind, index) => (index % 2 === 0 ? 'start' : 'wait')));
    expect(kinds.length % 2).toBe(0);
    expect(steps.filter(({ shows, status }) => shows?.length || status).length).toBeGreaterThan(0);
  },
);
