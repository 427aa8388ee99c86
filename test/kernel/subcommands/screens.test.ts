/** What `top` and `list --watch` show on a whole terminal, tmux's, and how they leave it. */
import { connectLab } from '../../lab/client';
import { debianProgram } from '../../lab/debian-programs';

const lab = connectLab();
let tmux = '';
beforeAll(async () => {
  tmux = await debianProgram('tmux');
}, 120_000);

/** A shell in a terminal of 24 rows and 100 columns, and a table of two services. */
const prepared = () => `mkdir -p /dev/pts
mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666
mount --bind /dev/pts/ptmx /dev/ptmx
export LC_ALL=C.UTF-8 PS1='shell# ' TMUX_TMPDIR=$PWD
ip link set lo up
C=$IPVSADM_C
$C -A -t 127.0.0.9:80 -s wrr
$C -a -t 127.0.0.9:80 -r 127.0.0.1:8080 -m -w 9
$C -a -t 127.0.0.9:80 -r 127.0.0.2:8080 -m -w 3
$C -A -f 7 -s rr
$C -a -f 7 -r 127.0.0.3 -g
tmux() { ${tmux} -f /dev/null "$@"; }
screen() { tmux capture-pane -p "$@"; }
# Whether the other screen is shown, and a cursor.
state() { tmux display-message -p '#{alternate_on} #{cursor_flag}'; }
until_() { tries=0; until "$@"; do tries=$((tries + 1)); [ $tries -gt 200 ] && { echo "never: $*"; screen; exit 1; }; sleep 0.1; done; }
has() { screen | grep -q -e "$1"; }
lacks() { ! has "$1"; }
see() { until_ has "$1"; }
miss() { until_ lacks "$1"; }
keys() { tmux send-keys "$@"; }
enter() { tmux send-keys "$1" Enter; }
left() { [ "$(state)" = '0 1' ]; }
as_before() { until_ left; enter 'stty -g | cmp - before && echo as before'; see '^as before'; }
tmux new-session -d -x 100 -y 24 sh
see '^shell#'
enter 'stty -g >before'
`;

async function onTerminal(script: string) {
  const { stdout, stderr } = await lab.run({ script: prepared() + script, timeoutSeconds: 100 });
  return { screens: stdout.toString().split('=\n'), stderr: stderr.toString() };
}

const top = `enter "$IPVSADM_NODE top --interval 0.3"; see '127.0.0.3:0'`;
/** Rows of the table on the screen, by the beginning of each. */
const names = (screen = '') =>
  [...screen.matchAll(/^ *(?:TCP |FWM )?(127\.\S+|7) .*\d/gm)].map(([, name]) => name);

test('top draws, fits a new size, filters, sorts and helps by keys, and ends by q', async () => {
  const { screens, stderr } = await onTerminal(`${top}
state; screen; echo =
tmux resize-window -x 60 -y 7; until_ eval '[ "$(screen | grep -c .)" = 7 ]'; miss INACT; screen; echo =
tmux resize-window -x 100 -y 24; see INACT; see 127.0.0.1:8080; see 127.0.0.3:0
keys w; see 'by weig'; screen; echo =
keys /; keys -l 0.0.1; miss '127.0.0.2:8080'; keys Enter; screen; echo =
keys Escape; see '127.0.0.2:8080'; keys '?'; see 'WHAT IT DOES'; screen; echo =
keys '?'; see '127.0.0.2:8080'; keys q; see '^shell# .*'; as_before; miss '127.0.0.2:8080'; screen`);
  expect(stderr).toBe('');
  const [first, small, sorted, filtered, help, after] = screens;
  expect(first).toMatch(/^1 0\n/);
  expect(names(first).sort()).toEqual([
    '127.0.0.1:8080',
    '127.0.0.2:8080',
    '127.0.0.3:0',
    '127.0.0.9:80',
    '7',
  ]);
  expect(Math.max(...small!.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(names(sorted).filter((name) => name!.endsWith(':8080'))).toEqual([
    '127.0.0.1:8080',
    '127.0.0.2:8080',
  ]);
  expect(names(filtered)).toEqual(['127.0.0.9:80', '127.0.0.1:8080']);
  expect(help).toContain('back to the shell for a while');
  expect(after).toContain('as before');
}, 120_000);

const watch = `enter "$IPVSADM_NODE list --watch 0.3"; see '127.0.0.3'`;

test('list --watch draws, marks what changes, and fits a new size', async () => {
  const { screens, stderr } = await onTerminal(`${watch}
state; screen; echo =
$C -e -t 127.0.0.9:80 -r 127.0.0.2:8080 -m -w 77; see 77; screen -e | grep 77; $C -e -t 127.0.0.9:80 -r 127.0.0.2:8080 -m -w 3; miss 77; echo =
tmux resize-window -x 44 -y 6; see 'more lines'; screen; echo =
tmux resize-window -x 100 -y 24; miss 'more lines'; see '127.0.0.3'; screen; echo =
keys C-c; as_before; miss '127.0.0.3'`);
  expect(stderr).toBe('');
  const [first, marked, small, again, after] = screens;
  expect(first).toMatch(/^1 1\nevery 0\.3 s, /);
  expect(marked).toContain('\x1b[7m77');
  expect(small!.trimEnd().split('\n')).toHaveLength(6);
  expect(again!.split('\n').slice(1)).toEqual(first!.split('\n').slice(2));
  expect(after).toBe('');
}, 120_000);

describe.each([
  ['top', top, '1 0'],
  ['list --watch', watch, '1 1'],
])('%s', (command, start, shown) => {
  test('stands back for the shell after Ctrl-Z, and comes again by fg', async () => {
    const { screens, stderr } = await onTerminal(`${start}
keys C-z; until_ left; see Stopped; as_before; miss '127.0.0.3'; state
enter fg; see '127.0.0.3'; state
$C -d -f 7 -r 127.0.0.3; $C -a -f 7 -r 127.0.0.4; see '127.0.0.4'
keys C-c; as_before`);
    expect({ screens, stderr }).toEqual({ screens: [`0 1\n${shown}\n`], stderr: '' });
  }, 120_000);

  test('gives the terminal back when it is ended by SIGTERM, and ends with its terminal', async () => {
    const pid = `pid() { for p in /proc/[0-9]*; do tr '\\0' ' ' 2>/dev/null <$p/cmdline | grep -q '^[^ ]*node .* ${command}' && echo \${p#/proc/}; done 2>/dev/null; }`;
    const { screens, stderr } = await onTerminal(`${pid}
${start}
kill -TERM $(pid); as_before; pid
${start}
tmux new-window sh; pid | grep -c .; tmux kill-window -t 0; until_ eval '[ -z "$(pid)" ]'; echo gone`);
    expect({ screens, stderr }).toEqual({ screens: ['1\ngone\n'], stderr: '' });
  }, 120_000);
});
