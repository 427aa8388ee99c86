/** That no text is missing is what their type says; these tests look at what types cannot see. */
import { checkFields, directorFields, serverFields, serviceFields } from '../../../src/web/page/state/fields';
import { english } from '../../../src/web/page/texts';
import { chinese } from '../../../src/web/page/texts.zh';

type Given = readonly (string | number)[];

/** The texts by their paths; functions are called with arguments of their own. */
function flat(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]): [string, string][] => {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'function') {
      const given = Array.from({ length: value.length }, (_, index) => `<${index + 2}>`);
      return [[here, (value as (...given: Given) => string)(...given)]];
    }
    return flat(value as object, here);
  });
}

test('both languages have the same texts, none empty', () => {
  const [ours, theirs] = [flat(english), flat(chinese)];
  expect(theirs.map(([path]) => path)).toEqual(ours.map(([path]) => path));
  expect([...ours, ...theirs].filter(([, text]) => text.trim() === '')).toEqual([]);
});

test('what is put into a text is in both languages', () => {
  const holes = (text: string) => [...new Set(text.match(/<\d>/g))].sort();
  const theirs = new Map(flat(chinese));
  const differing = flat(english).filter(
    ([path, text]) => `${holes(text)}` !== `${holes(theirs.get(path)!)}`,
  );
  expect(differing).toEqual([]);
});

test('nothing but names is the same in both', () => {
  const theirs = new Map(flat(chinese));
  const same = flat(english).filter(([path, text]) => theirs.get(path) === text);
  expect(same.map(([, text]) => text)).toEqual(['SNAT', 'HELO']);
});

test('one is not many', () => {
  expect([english.countServers(1), english.countServers(2), english.findings(1)]).toEqual([
    '1 server',
    '2 servers',
    '1 finding',
  ]);
});

test('every field of the form has a label', () => {
  const names = [...directorFields, ...serviceFields, ...serverFields, ...checkFields].map(({ path }) =>
    path.join('.'),
  );
  expect(names.filter((name) => !Object.hasOwn(english.fields, name))).toEqual([]);
  expect(Object.keys(english.fields).filter((name) => !names.includes(name))).toEqual([]);
});
