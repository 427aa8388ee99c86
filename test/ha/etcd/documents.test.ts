/** One document for all directors: what is older than the one applied is refused. */
import { createHash } from 'node:crypto';
import { MAX_DOCUMENT, putDocument, watchDocument } from '../../../src/ha/etcd/documents';
import { SimulatedClock, seededRandom } from '../../helpers/simulated-clock';
import { Connection, SimulatedStore } from './simulated-store';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const settings = { cluster: 'web', sha256 };
const key = 'lvs/web/document';

function ground() {
  const clock = new SimulatedClock();
  const store = new SimulatedStore(clock, seededRandom(1));
  const connection = new Connection(store, (work) => work());
  const put = async (text: string, own: { author?: string; base?: number } = {}) => {
    const answer = putDocument(connection, settings, { text, author: 'me', ...own });
    await clock.run(2000);
    return await answer;
  };
  const write = (value: string) =>
    store.transact({ conditions: [], operations: [{ kind: 'put', key, value }] });
  return { clock, store, connection, put, write };
}

function director({ clock, connection }: ReturnType<typeof ground>) {
  const alarms = new Map<string, string>();
  const taken: string[] = [];
  let applied: { generation: number; sha256: string } | undefined;
  const end = watchDocument(connection, settings, clock, {
    applied: () => applied,
    async take(document) {
      taken.push(`${document.generation} ${document.text} by ${document.author}`);
      applied = document;
    },
    alarm(name, text) {
      if (text === undefined) alarms.delete(name);
      else alarms.set(name, text);
    },
  });
  return { alarms, taken, end };
}

describe('put', () => {
  test('generations grow; one by somebody who has not seen the last one is refused', async () => {
    const { put } = ground();
    expect(await put('one')).toEqual({ ok: true, generation: 1 });
    expect(await put('two', { base: 1 })).toEqual({ ok: true, generation: 2 });
    expect(await put('three', { base: 1 })).toEqual({
      ok: false,
      problem: 'document: generation 2 is in etcd, by me, not 1: look at it first',
    });
  });

  test('of two at the same time one wins', async () => {
    const { put } = ground();
    const [first, second] = await Promise.all([put('one'), put('two')]);
    expect([first.ok, second.ok].sort()).toEqual([false, true]);
    expect(first.ok ? second : first).toEqual({
      ok: false,
      problem: 'document: somebody else wrote one at the same time: look at it, and try again',
    });
  });

  test('goes above what directors have applied: a store that was put back takes no old number', async () => {
    const { put, store } = ground();
    const value = JSON.stringify({ name: 'lb1', role: 'leader', ready: false, generation: 7 });
    store.transact({ conditions: [], operations: [{ kind: 'put', key: 'lvs/web/directors/lb1', value }] });
    expect(await put('one')).toEqual({ ok: true, generation: 8 });
  });

  test('an answer that is lost is looked up', async () => {
    const { put, connection } = ground();
    const transact = connection.transact.bind(connection);
    connection.transact = async (transaction) => {
      const answer = await transact(transaction);
      const wrote = transaction.operations.some(({ kind }) => kind === 'put');
      return wrote ? { ok: false, kind: 'unreachable', problem: 'no answer within 1s' } : answer;
    };
    expect(await put('one')).toEqual({ ok: true, generation: 1 });
  });

  test('a store that is away, a document that is too large', async () => {
    const { put, store } = ground();
    store.down = true;
    expect(await put('one')).toEqual({
      ok: false,
      problem: 'document: etcd does not answer: no answer within 0.5s',
    });
    expect(await put('x'.repeat(MAX_DOCUMENT + 1))).toEqual({
      ok: false,
      problem: 'document: 1000001 characters: at most 1000000 go into etcd',
    });
  });
});

describe('watch', () => {
  test('tells of what is there, and of each newer one; a change that the watch missed within 10 s', async () => {
    const own = ground();
    await own.put('one');
    const { taken, end } = director(own);
    await own.clock.run(100);
    await own.put('two');
    own.store.watchers.clear();
    await own.put('three', { author: 'you' });
    expect(taken).toEqual(['1 one by me', '2 two by me']);
    await own.clock.run(10_000);
    expect(taken).toEqual(['1 one by me', '2 two by me', '3 three by you']);
    end();
    await own.put('four');
    await own.clock.run(20_000);
    expect(taken).toHaveLength(3);
  });

  test.each([
    [
      'older',
      { generation: 1, text: 'old', author: 'me', sha256: sha256('old') },
      /^generation 1 in etcd is older than 2/,
    ],
    [
      'of the same number',
      { generation: 2, text: 'x', author: 'me', sha256: sha256('x') },
      /^generation 2 in etcd is another/,
    ],
    [
      'damaged',
      { generation: 3, text: 'x', author: 'me', sha256: sha256('y') },
      /^generation 3 in etcd is damaged/,
    ],
    ['none', { generation: -1 }, /^what etcd has under the key of the document is none/],
  ])('%s: refused, with an alarm until a newer one comes', async (_, value, expected) => {
    const own = ground();
    await own.put('one');
    await own.put('two');
    const { taken, alarms } = director(own);
    await own.clock.run(100);
    own.write(JSON.stringify(value));
    await own.clock.run(100);
    expect([...alarms.values()]).toEqual([expect.stringMatching(expected)]);
    own.write(JSON.stringify({ generation: 9, text: 'nine', author: 'me', sha256: sha256('nine') }));
    await own.clock.run(100);
    expect(taken).toEqual(['2 two by me', '9 nine by me']);
    expect(alarms.size).toBe(0);
  });

  test('a store that is away or empty changes nothing, and is told', async () => {
    const own = ground();
    await own.put('one');
    const { taken, alarms } = director(own);
    await own.clock.run(100);
    own.store.down = true;
    await own.clock.run(20_000);
    expect([...alarms.values()]).toEqual([
      'the document cannot be read, the last one stays: no answer within 0.5s',
    ]);
    own.store.down = false;
    own.store.transact({ conditions: [], operations: [{ kind: 'delete', key }] });
    await own.clock.run(10_000);
    expect([...alarms.values()]).toEqual([
      'etcd has no document, and generation 1 is applied: put it there again',
    ]);
    expect(taken).toEqual(['1 one by me']);
  });
});
