/** The completion script in bash: how it reads quotes, and quotes what it offers. */
import { spawnSync } from 'node:child_process';
import candidates from '../../src/commands/support/candidates-program';
import { commands as tree } from '../../src/commands/tree';
import { completionScripts } from '../../src/completion/scripts';

const names = [
  'my name',
  "it's",
  'a$(x)',
  'b"q',
  'c[1]',
  'd`e',
  'f\\g',
  'g;h',
  '*',
  '[2001:db8::1]:80',
  '--netns=z z',
];

/**
 * Completes command lines with `names` for candidates, and reads what bash would make of each.
 * The part that bash keeps of a word ends at the last : or = outside quotes.
 */
function complete(lines: readonly string[]): string[] {
  const script = `${completionScripts.bash(tree, candidates)}
_ipvsadm_candidates() {
  printf '%s\\n' "$@" >&2
  local name
  for name in "\${names[@]}"; do [[ $name == "\${@: -1}"* ]] && printf '%s\\tmeaning\\n' "$name"; done
}
names=("$@")
set -f
while IFS= read -r COMP_LINE; do
  COMP_POINT=\${#COMP_LINE}
  _ipvsadm
  for reply in "\${COMPREPLY[@]}"; do
    kept=''
    case $COMP_LINE in
      *\\"*) reply="\\"$reply\\"" ;;
      *\\'*) reply="'$reply'" ;;
      *[:=]*) kept=\${COMP_LINE#ipvsadm list } kept=\${kept%"\${kept##*[:=]}"} ;;
    esac
    eval "printf '%s|' $kept$reply"
  done
  echo
done`;
  const { stdout, error } = spawnSync('bash', ['-c', script, 'bash', ...names], {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(error).toBeUndefined();
  return stdout.split('\n').slice(0, -1);
}

test('every candidate is one word, without expansions', () => {
  expect(complete(['ipvsadm list '])).toEqual([names.map((name) => `${name}|`).join('')]);
});

test.each([
  ['ipvsadm list my', 'my name'],
  ['ipvsadm list my\\ n', 'my name'],
  ["ipvsadm list 'my n", 'my name'],
  ['ipvsadm list "my n', 'my name'],
  ["ipvsadm list 'it", "it's"],
  ['ipvsadm list "it', "it's"],
  ['ipvsadm list "a$', 'a$(x)'],
  ['ipvsadm list "b\\"', 'b"q'],
  ['ipvsadm list "d', 'd`e'],
  ['ipvsadm list "f\\\\', 'f\\g'],
  ['ipvsadm list [2001:d', '[2001:db8::1]:80'],
  ['ipvsadm list --netns=z', '--netns=z z'],
  ['ipvsadm list --netns=z\\ ', '--netns=z z'],
])('%s', (line, name) => {
  expect(complete([line])).toEqual([`${name}|`]);
});

test('the words before lose their quotes', () => {
  const script = `${completionScripts.bash(tree, candidates)}
_ipvsadm_candidates() { printf '<%s>' "$@"; }
COMP_LINE='ipvsadm --netns "a b" list '"'c d'"' e\\ f "" '
COMP_POINT=\${#COMP_LINE} words=() quote='' single="'" double='"' backslash='\\' special='[\\\\"\`$]'
_ipvsadm_split "$COMP_LINE"
printf '<%s>' "\${words[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 20_000 });
  expect(stdout).toBe('<ipvsadm><--netns><a b><list><c d><e f><><>');
});
