/** Compares ipvsadm-save and ipvsadm-restore with the genuine scripts. */
import { connectLab } from '../lab/client';

const lab = connectLab();

const rules =
  '# a comment\n-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n-A -f 7 -s wlc\n';

const cases: readonly (readonly [name: string, script: string])[] = [
  ['restoring replaces the table', `ipvsadm -A -f 9; ipvsadm-restore <rules; echo $?; ipvsadm-save -n`],
  ['saving with names', `ipvsadm-restore <rules; ipvsadm-save; echo $?`],
  ['an unknown option', `ipvsadm-save -x; echo $?`],
  ['other arguments are ignored', `ipvsadm-restore these <rules; ipvsadm-save words -n; echo $?`],
  ['an empty input clears the table', `ipvsadm -A -f 9; ipvsadm-restore </dev/null; echo $?; ipvsadm -Sn`],
  [
    'an indented comment ends it',
    `{ cat rules; echo ' # x'; echo '-A -f 8'; } | ipvsadm-restore; echo $?; ipvsadm -Sn`,
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
