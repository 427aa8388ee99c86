/** The launcher with each line of Node that package.json promises, beside the C program. */
import { connectLab } from '../lab/client';
import { type NodeBuild, nodeBuild, nodeVersions } from './node-builds';

const lab = connectLab();

const rules =
  '-A -t 192.0.2.10:80 -s wrr -p 300\n-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3\n-A -f 7 -6 -s sh -b flag-1\n';

/** Every command of the script in the spelling that both programs know. */
const script = (program: string) => `ipvsadm() { "${program}" "$@"; echo $?; }
ipvsadm -R <rules; ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.18 -g; ipvsadm -A -t 192.0.2.10:80
ipvsadm -Ln; ipvsadm -Ln --stats; ipvsadm -Sn; ipvsadm -L --timeout; ipvsadm -A -t bad; ipvsadm --bogus`;

const run = async ({ programs, libraries }: NodeBuild, text: string) => {
  const { stdout, stderr } = await lab.run({
    script: `PATH=${programs}:$PATH; export LD_LIBRARY_PATH=${libraries}; cat >rules; ln -s "$(command -v node)" /tmp/used; ${text}`,
    stdin: rules,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
};

test.each(nodeVersions)(
  'Node %s',
  async (version) => {
    const build = await nodeBuild(version);
    const [ours, theirs, words] = await Promise.all([
      run(build, script('$IPVSADM_NODE')),
      run(build, script('$IPVSADM_C')),
      run(
        build,
        `"$IPVSADM_NODE" -R <rules; "$IPVSADM_NODE" list --numeric; "$IPVSADM_C" -Ln; "$IPVSADM_NODE" version; "$IPVSADM_NODE" server add --help | head -n 1`,
      ),
    ]);
    // The hint at the help names the program as it was called.
    expect({ ...ours, stderr: ours.stderr.replace(/\S*bin\/ipvsadm(-node)?/g, 'PROGRAM') }).toEqual({
      ...theirs,
      stderr: theirs.stderr.replace(/\S*bin\/ipvsadm(-node)?/g, 'PROGRAM'),
    });
    expect(ours.stdout).toContain('10.0.0.17:8080');
    const [listing, said] = words.stdout.split(/(?=ipvsadm for Node)/);
    const lines = listing!.split('\n');
    expect(lines.slice(0, lines.length / 2)).toEqual(lines.slice(lines.length / 2, -1));
    expect(said).toMatch(new RegExp(`Node\\.js v${version}\\)\nadd a real server`));
    expect(words.stderr).toBe('');
  },
  300_000,
);
