/** Compares ipvsadm-save and ipvsadm-restore with the genuine scripts. */
import { connectLab } from '../lab/client';

const lab = connectLab();

const rules =
  '# a comment\n-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n-A -f 7 -s wlc\n';

const cases: readonly (readonly [name: string, script: string])[] = [
  ['restoring replaces the table', `ipvsadm -A -f 9; ipvsadm-restore <rules; echo $?; ipvsadm-save -n`],
  ['saving with names', `ipvsadm-restore <rules; ipvsadm-save; echo $?`],
  ['an unknown option', `ipvsadm-save -x; echo $?`],
  ['other arguments of ipvsadm-save are ignored', `ipvsadm-restore <rules; ipvsadm-save words -n; echo $?`],
  ['an empty input clears the table', `ipvsadm -A -f 9; ipvsadm-restore </dev/null; echo $?; ipvsadm -Sn`],
  [
    'an indented comment ends it',
    `{ cat rules; echo ' # x'; echo '-A -f 8'; } | ipvsadm-restore; echo $?; ipvsadm -Sn`,
  ],
  ['comments alone clear the table', `ipvsadm -A -f 9; echo '# x' | ipvsadm-restore; echo $?; ipvsadm -Sn`],
  [
    'the last rule decides the status',
    `{ cat rules; cat rules; } | ipvsadm-restore; echo $?; { cat rules; echo -A -f 7; } | ipvsadm-restore; echo $?`,
  ],
  [
    'an unknown option on a line',
    `{ echo -A -f 8 --bogus; cat rules; } | ipvsadm-restore; echo $?; ipvsadm -Sn`,
  ],
  [
    'a wrong value ends it',
    `ipvsadm -A -f 9; { echo -A -f x; cat rules; } | ipvsadm-restore; echo $?; ipvsadm -Sn`,
  ],
  ['a listing on a line', `{ echo -Sn; cat rules; echo -Ln; } | ipvsadm-restore; echo $?`],
  [
    'the version on a line ends it',
    `{ cat rules; echo -v; echo -A -f 8; } | ipvsadm-restore; echo $?; ipvsadm -Sn`,
  ],
  ['a last line without newline', `printf %s '-A -f 8' | ipvsadm-restore; echo $?; ipvsadm -Sn`],
  [
    'comments and carriage returns',
    `printf '#x\\r\\n-A -f 8\\r\\n#\\r\\n' | ipvsadm-restore; echo $?; ipvsadm -Sn`,
  ],
  [
    'without permission both of its steps fail',
    `/usr/bin/setpriv --bounding-set -net_admin ipvsadm-restore <rules 2>err; echo $?; cat err; ipvsadm -Sn`,
  ],
  [
    'a large table',
    `awk 'BEGIN { for (s = 1; s < 200; s++) { print "# " s "\\n-A -f", s, "-s rr";
  for (i = 1; i < 20; i++) print "-a -f", s, "-r 10.0." s "." i ":80 -m -w 1" } }' | ipvsadm-restore
echo $?; ipvsadm -Sn | sort | md5sum`,
  ],
];

test.each(cases)(
  '%s',
  async (_name, script) => {
    const run = async (directory: string) => {
      // The genuine scripts search fixed directories only.
      const { stdout, stderr } = await lab.run({
        script: `
        mkdir bin
        for name in ipvsadm ipvsadm-save ipvsadm-restore; do ln -s "${directory}/$name" bin/$name; done
        mount -t tmpfs none /usr/local/sbin && ln -s "$IPVSADM_C" /usr/local/sbin/ipvsadm
        PATH=$PWD/bin:$PATH
        cat >rules
        ${script}`,
        stdin: rules,
      });
      return { stdout: stdout.toString(), stderr: stderr.toString() };
    };
    const theirs = await run('${IPVSADM_C%/*}');
    const ours = await run('${IPVSADM_OURS%/*}');
    expect(ours).toEqual(theirs);
    expect(theirs.stdout).not.toBe('');
  },
  120_000,
);

async function ours(script: string) {
  const { stdout, stderr } = await lab.run({
    script: `PATH=\${IPVSADM_OURS%/*}:$PATH
cat >rules
"$IPVSADM_C" -A -f 9
${script}
"$IPVSADM_C" -Sn`,
    stdin: rules,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

describe('what would lose data is refused', () => {
  test.each([
    [
      'arguments',
      'ipvsadm-restore rules </dev/null; echo $?',
      /^ipvsadm-restore: unexpected argument 'rules': /,
    ],
    ['options', 'ipvsadm-restore -n <rules; echo $?', /^ipvsadm-restore: unexpected argument '-n': /],
    [
      'a directory',
      'ipvsadm-restore </tmp; echo $?',
      /^ipvsadm-restore: .* cannot be read: Is a directory; /,
    ],
    ['a closed input', 'ipvsadm-restore <&-; echo $?', /^ipvsadm-restore: .*: Bad file descriptor; /],
    [
      'an input with an error',
      'ipvsadm-restore </proc/self/mem; echo $?',
      /^ipvsadm-restore: .* cannot be read: Input\/output error; /,
    ],
    ['a directory for -R', 'ipvsadm -R </tmp; echo $?', /^ipvsadm: .* cannot be read: Is a directory; /],
    ['a closed input for -R', 'ipvsadm -R <&-; echo $?', /^ipvsadm: .*: Bad file descriptor; /],
  ])(
    '%s',
    async (_name, script, message) => {
      expect(await ours(script)).toEqual({
        stdout: '2\n-A -f 9 -s wlc\n',
        stderr: expect.stringMatching(message),
      });
    },
    60_000,
  );

  test.each([['-h'], ['--help']])(
    '%s is help',
    async (option) => {
      expect(await ours(`ipvsadm-restore ${option} </dev/null | head -n 1`)).toEqual({
        stdout: 'Usage: ipvsadm-restore [--strict] <FILE\n-A -f 9 -s wlc\n',
        stderr: '',
      });
    },
    60_000,
  );
});

describe('--strict', () => {
  test('replaces the table', async () => {
    expect(await ours('ipvsadm-restore --strict <rules; echo $?')).toEqual({
      stdout: '0\n-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n-A -f 7 -s wlc\n',
      stderr: '',
    });
  }, 60_000);

  test('makes the table that the genuine ipvsadm -C and -R make', async () => {
    const { stdout, stderr } = await ours(`
mount -t tmpfs none /usr/local/sbin && ln -s "$IPVSADM_C" /usr/local/sbin/ipvsadm
cat >one <<'END'
-A -t 192.0.2.1:80 -s rr
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1
-a -t 192.0.2.1:80 -r 10.0.0.2:80 -g -w 4 -x 9 -y 3
-A -t 192.0.2.1:81 -s sh -b sh-port -p 60 -M 255.255.255.0
-A -f 7 -s wlc
-a -f 7 -r 10.0.0.1:8080 -m -w 0
--set 100 0 30
--set 0 20 0
END
cat >two <<'END'
-A -u [2001:db8::1]:53 -s rr -o
-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -m
-A -t 192.0.2.1:80 -s mh -b mh-fallback -p 360
-a -t 192.0.2.1:80 -r 10.0.0.2:80 -i --tun-type gue --tun-port 6080 -w 1
-a -t 192.0.2.1:80 -r 10.0.0.3:80 -g -w 9
-E -t 192.0.2.1:80 -s wrr
-A -f 9 -s wlc
-A -f 7 -6 -s wlc
--set 0 25 0
END
state() { "$IPVSADM_C" -Sn | sort; "$IPVSADM_C" -L --timeout; }
for from in one two none; do for to in one two none; do
  for who in genuine ours; do
    "$IPVSADM_C" -C; "$IPVSADM_C" --set 900 120 300
    [ $from = none ] || "$IPVSADM_C" -R <$from
    : >rules.$to; [ $to = none ] || cat $to >rules.$to
    case $who in
      genuine) "$IPVSADM_C" -C; [ $to = none ] || "$IPVSADM_C" -R <$to ;;
      ours) ipvsadm-restore --strict <rules.$to || echo "status $?" ;;
    esac
    state >made.$who
  done
  cmp made.genuine made.ours && wc -l <made.ours | sed "s/^/$from, then $to: /"
done; done; "$IPVSADM_C" -C`);
    expect({ stdout, stderr }).toEqual({
      stdout: ['one', 'two', 'none']
        .flatMap((from) => [`${from}, then one: 7\n`, `${from}, then two: 8\n`, `${from}, then none: 1\n`])
        .join(''),
      stderr: '',
    });
  }, 120_000);

  test('changes nothing if a line is wrong', async () => {
    expect(await ours('{ echo -A -f 3 -s; cat rules; } | ipvsadm-restore --strict; echo $?')).toEqual({
      stdout: '2\n-A -f 9 -s wlc\n',
      stderr: expect.stringMatching(/^\(standard input\):1:9: -s: missing argument\n/),
    });
  }, 60_000);

  test('puts the table back if the kernel refuses a rule', async () => {
    expect(await ours('{ cat rules; echo -A -f 3 -s nosuch; } | ipvsadm-restore --strict; echo $?')).toEqual({
      stdout: '255\n-A -f 9 -s wlc\n',
      stderr: expect.stringMatching(/^\(standard input\):5:1: Scheduler or persistence engine not found\n/),
    });
  }, 60_000);
});

test('its programs are found whatever PATH is', async () => {
  expect(
    await ours(`mount -t tmpfs none /usr/local/bin && ln -s "$(command -v node)" /usr/local/bin/node
PATH=/nonexistent "$IPVSADM_OURS"-restore <rules; echo $?; PATH=/nonexistent "$IPVSADM_OURS"-save; PATH=/bin:/usr/bin`),
  ).toMatchObject({ stdout: expect.stringMatching(/^0\n-A -t 192\.0\.2\.1:http /), stderr: '' });
}, 60_000);
