/** Scripts that play a set-up with traffic, in namespaces of the guest. */
import { join } from 'node:path';
import { connectLab } from '../../lab/client';

/** The first lines of every script. */
const ground = `kill=${join(__dirname, 'kill.js')}
. ${join(__dirname, 'ground.sh')}`;

/** Runs a script on the ground of `ground.sh`. @returns the lines of its output, standard error included. */
export async function play(
  script: string,
  lab: Pick<ReturnType<typeof connectLab>, 'run'> = connectLab(),
  timeoutSeconds = 300,
) {
  const { stdout } = await lab.run({ timeoutSeconds, script: `exec 2>&1\n${ground}\n${script}` });
  return stdout.toString().trimEnd().split('\n');
}
