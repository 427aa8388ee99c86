import { popt } from '../../src/classic/popt';

/** The events of a command line: `name`, `name=value`, `+positional`, `!element: problem`. */
function eventsOf(args: readonly string[], posix = false): string[] {
  return [...popt(args, posix)].map((event) => {
    if (event.kind === 'positional') return `+${event.value}`;
    if (event.kind === 'error') return `!${event.element}: ${event.problem}`;
    return event.value === undefined ? event.spec.long : `${event.spec.long}=${event.value}`;
  });
}

describe('short options', () => {
  test.each([
    ['are separate arguments', ['-L', '-n'], ['list', 'numeric']],
    ['cluster', ['-Lnc'], ['list', 'numeric', 'connection']],
    ['have two letters for one command', ['-l'], ['list']],
    ['take the rest of the cluster as value', ['-At1.2.3.4:80'], ['add-service', 'tcp-service=1.2.3.4:80']],
    ['take the rest without one =', ['-s=rr', '-s==rr'], ['scheduler=rr', 'scheduler==rr']],
    ['take the next argument', ['-At', '1.2.3.4:80'], ['add-service', 'tcp-service=1.2.3.4:80']],
    ['take the next argument with its =', ['-s', '=rr'], ['scheduler==rr']],
    ['take any next argument', ['-s', '-p', '-s', '--'], ['scheduler=-p', 'scheduler=--']],
    ['take an empty argument', ['-s', ''], ['scheduler=']],
    ['may be digits', ['-f', '7', '-6'], ['fwmark-service=7', 'ipv6']],
    ['never make a long one', ['-list'], ['list', 'ipip', 'scheduler=t']],
    ['may be unknown', ['-ok'], ['ops', '!-ok: unknown option']],
    ['may miss their value', ['-A', '-t'], ['add-service', '!-t: missing argument']],
    ['may get a value that they do not take', ['-n=1'], ['!-n=1: option does not take an argument']],
    ['may get an empty one', ['-Ln='], ['list', '!-Ln=: option does not take an argument']],
  ] as const)('%s', (_name, args, expected) => {
    expect(eventsOf(args)).toEqual(expected);
  });
});

describe('long options', () => {
  test.each([
    ['take the next argument', ['--scheduler', 'rr'], ['scheduler=rr']],
    ['take the text after =', ['--scheduler=rr', '--scheduler==rr'], ['scheduler=rr', 'scheduler==rr']],
    ['take nothing as an empty value', ['--scheduler='], ['scheduler=']],
    ['have no abbreviations', ['--num'], ['!--num: unknown option']],
    ['know upper from lower case', ['--LIST'], ['!--LIST: unknown option']],
    ['are reported completely if unknown', ['--bogus=1'], ['!--bogus=1: unknown option']],
    ['may miss their value', ['--scheduler'], ['!--scheduler: missing argument']],
    [
      'may get a value that they do not take',
      ['--stats=1'],
      ['!--stats=1: option does not take an argument'],
    ],
  ] as const)('%s', (_name, args, expected) => {
    expect(eventsOf(args)).toEqual(expected);
  });
});

describe('the optional value of -p', () => {
  test.each([
    [
      'is the rest of the cluster',
      ['-p20', '-p=20', '-po'],
      ['persistent=20', 'persistent=20', 'persistent=o'],
    ],
    ['is the next argument', ['-p', '20', '-s', 'rr'], ['persistent=20', 'scheduler=rr']],
    ['is an empty argument', ['-p', ''], ['persistent=']],
    ['is not an option', ['-p', '-s', 'rr'], ['persistent', 'scheduler=rr']],
    ['is not a negative number', ['-p', '-5'], ['persistent', '!-5: unknown option']],
    ['is not a dash', ['-p', '-'], ['persistent', '+-']],
    ['is not the end of options', ['-p', '--', '20'], ['persistent', '+20']],
    ['may be missing at the end', ['-p'], ['persistent']],
    [
      'follows = or is the next argument',
      ['--persistent=20', '--persistent', '20'],
      ['persistent=20', 'persistent=20'],
    ],
    ['may be empty after =', ['--persistent='], ['persistent=']],
  ] as const)('%s', (_name, args, expected) => {
    expect(eventsOf(args)).toEqual(expected);
  });
});

describe('positional arguments', () => {
  test.each([
    ['can be anywhere', ['1', '--set', '2', '3'], ['+1', 'set', '+2', '+3']],
    ['are a dash and an empty argument', ['-', ''], ['+-', '+']],
    ['are all arguments after --', ['-L', '--', '-n', '--'], ['list', '+-n', '+--']],
  ] as const)('%s', (_name, args, expected) => {
    expect(eventsOf(args)).toEqual(expected);
  });

  test('end the options with POSIXLY_CORRECT', () => {
    expect(eventsOf(['-L', 'x', '-n'], true)).toEqual(['list', '+x', '+-n']);
  });
});

test('leaves !#:+ in values unchanged', () => {
  expect(eventsOf(['-s', '!#:+', 'rr'])).toEqual(['scheduler=!#:+', '+rr']);
});

test('ends after the first error', () => {
  expect(eventsOf(['-k', '-n'])).toEqual(['!-k: unknown option']);
});

test('reports the last argument that belongs to an option', () => {
  const elements = [...popt(['-AD', '--start-daemon', 'master', '-p'], false)].map((event) =>
    event.kind === 'option' ? event.element : undefined,
  );
  expect(elements).toEqual(['-AD', '-AD', 'master', '-p']);
});
