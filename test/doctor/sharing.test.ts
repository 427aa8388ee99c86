/** What doctor learns from the director daemon of its network namespace. */
import { askSharing } from '../../src/doctor/sharing';
import type { DirectorAnswer } from '../../src/platform/director-system';

function asked(answers: Readonly<Record<string, DirectorAnswer>>) {
  return askSharing({
    networkNamespace: 'net:[1]',
    askDirector: async ({ path }) => answers[path] ?? { failure: 'ENOENT' },
  });
}

const ours = { status: 200, text: '{"namespace":"net:[1]","services":[]}' };
const ha = { status: 200, text: '{"engine":"etcd","role":"standby","vips":[]}' };

test('the role, of a daemon of this network namespace', async () => {
  expect(await asked({ '/v1/services': ours, '/v1/ha': ha })).toEqual({ engine: 'etcd', role: 'standby' });
});

test.each([
  ['no daemon', {}],
  [
    'one of another namespace',
    { '/v1/services': { ...ours, text: '{"namespace":"net:[2]"}' }, '/v1/ha': ha },
  ],
  ['one that shares nothing', { '/v1/services': ours, '/v1/ha': { status: 200, text: 'null' } }],
  ['one that does not know the question', { '/v1/services': ours, '/v1/ha': { status: 404, text: '{}' } }],
  ['another program', { '/v1/services': { status: 200, text: '<html>' } }],
])('%s: nothing', async (_name, answers) => {
  expect(await asked(answers)).toBeUndefined();
});
