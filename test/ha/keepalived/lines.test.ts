import fc from 'fast-check';
import { VrrpLines } from '../../../src/ha/keepalived/lines';

const states = (lines: VrrpLines, ...parts: string[]) =>
  parts.flatMap((part) => lines.take(part).map(({ state }) => state));

test('takes the lines of its instance, in order, however they are cut', () => {
  const text = [
    'INSTANCE "director" BACKUP 150',
    'GROUP "director" MASTER 150',
    'INSTANCE "other" MASTER 150',
    'INSTANCE "director" MASTER 254',
    'INSTANCE "director" FAULT 0',
    'INSTANCE "director" STOP 150',
    '',
  ].join('\n');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      const parts = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(states(new VrrpLines('director'), ...parts)).toEqual(['backup', 'master', 'fault', 'stopped']);
    }),
  );
});

test('takes all instances if none is named', () => {
  const text = 'INSTANCE "a" MASTER 1\nINSTANCE "b" BACKUP 1\nGROUP "c" MASTER 1\nx\n';
  expect(states(new VrrpLines(undefined), text)).toEqual(['master', 'backup']);
});

test('tells new states from answers, and sees a rival', () => {
  const lines = new VrrpLines('director');
  expect(
    lines.take('INSTANCE "director" MASTER_PRIORITY 253\nINSTANCE "director" MASTER_RX_LOWER_PRI 254\n'),
  ).toEqual([
    { state: 'master', asked: true, rival: false },
    { state: 'master', asked: false, rival: true },
  ]);
});

test.each([
  'MASTER\n',
  'INSTANCE director MASTER 150\n',
  'INSTANCE "director" MASTER\n',
  'INSTANCE "director" MASTER 150 x\n',
  'INSTANCE "director" toString 150\n',
  'INSTANCE "director" CONSTRUCTOR 150\n',
  '\0\xff\n',
])('passes over %j', (text) => {
  expect(new VrrpLines('director').take(text)).toEqual([]);
});

test('a line without an end costs no memory, and the next one counts', () => {
  const lines = new VrrpLines('director');
  for (let times = 0; times < 1000; times++) expect(lines.take('x'.repeat(5000))).toEqual([]);
  expect(states(lines, 'INSTANCE "director" MASTER 1\n', 'INSTANCE "director" BACKUP 1\n')).toEqual([
    'backup',
  ]);
});

test.each(['INSTANCE "dir', 'x', 'INSTANCE "director" MASTER 2', 'INSTANCE "director"'])(
  'what begins and does not end, %j, takes no event along',
  (rest) => {
    const text = `${rest}INSTANCE "director" FAULT 100\n`;
    expect(states(new VrrpLines('director'), text)).toEqual(['fault']);
  },
);

test('never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (parts) => {
      const lines = new VrrpLines('director');
      for (const part of parts) lines.take(part);
    }),
  );
});
