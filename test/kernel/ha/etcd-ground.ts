/** Scripts that run director daemons with a real etcd in namespaces of the guest. */
import { join } from 'node:path';
import { etcdPrograms } from '../../lab/etcd';
import { play } from '../setup/ground';

/** @returns the lines of the output, standard error included. */
export async function playEtcd(script: string, lab?: Parameters<typeof play>[1]): Promise<string[]> {
  const ground = `ha=${__dirname}
etcd=${await etcdPrograms()}
. ${join(__dirname, 'ground.sh')}
. ${join(__dirname, 'etcd-ground.sh')}`;
  return await play(`${ground}\n${script}`, lab);
}
