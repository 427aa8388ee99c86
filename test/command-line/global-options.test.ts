import { takeGlobals } from '../../src/command-line/global-options';
import { IpvsadmError } from '../../src/errors/ipvsadm-error';

const taken = (line: string) => {
  const { globals, rest } = takeGlobals(line.split(' ').filter((word) => word !== ''));
  return [globals.netns, globals.explain, rest.join(' '), ...(globals.progress ? ['progress'] : [])];
};

describe('the global options', () => {
  test.each([
    ['-Ln', undefined, false, '-Ln'],
    ['--netns blue -Ln', 'blue', false, '-Ln'],
    ['--netns=blue --explain -Ln', 'blue', true, '-Ln'],
    ['--explain', undefined, true, ''],
    ['--progress -R', undefined, false, '-R', 'progress'],
    ['-R --progress', undefined, false, '-R --progress'],
    ['restore --progress', undefined, false, 'restore --progress'],
    // After an option in classic syntax they belong to it: as a value, or as an unknown option.
    ['-A -t 192.0.2.1:80 -s --netns', undefined, false, '-A -t 192.0.2.1:80 -s --netns'],
    ['-Ln --explain', undefined, false, '-Ln --explain'],
    // In a subcommand they may be anywhere.
    ['list --netns blue --numeric', 'blue', false, 'list --numeric'],
    ['--netns red list --explain', 'red', true, 'list'],
    ['--netns red list --netns blue', 'blue', false, 'list'],
    ['list -- --explain', undefined, false, 'list -- --explain'],
  ] as const)('%s', (line, ...expected) => {
    expect(taken(line)).toEqual(expected);
  });

  test.each(['--netns', '--netns= -Ln', 'list --netns', '--progress restore'])('%s is invalid', (line) => {
    expect(() => taken(line)).toThrow(IpvsadmError);
  });
});
