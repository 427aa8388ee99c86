/** Debian sid's Python with pyroute2, which lists the table of IPVS in the benchmarks. */
import { join } from 'node:path';
import { cached } from '../scripts/debian/cache';
import { unpackPackages } from '../scripts/debian/packages';

const suite = 'sid';
const packages = ['python3-minimal', 'python3-pyroute2'];

/** Lists every service and its real servers, as `-Ln` does. */
const listing = `
from pyroute2 import IPVS, IPVSDest, IPVSService
ipvs = IPVS()
for service in ipvs.service("dump"):
    key = IPVSService.from_message(service)
    print(key)
    for server in ipvs.dest("dump", service=key):
        print("  ->", IPVSDest.from_message(server))
`;

/** Returns a command of the shell that lists the table. Downloads Python first if necessary. */
export async function pyroute2Command(): Promise<string> {
  const tree = await cached({
    name: 'pyroute2',
    recipe: { suite, packages },
    build: async (now) => await unpackPackages({ suite, packages }, now),
  });
  const [home, libraries] = [join(tree, 'usr'), join(tree, 'usr/lib/x86_64-linux-gnu')];
  // Patched to use the tree's libraries, Python 3.13 crashes.
  const python = `'${libraries}/ld-linux-x86-64.so.2' --library-path '${libraries}' '${home}/bin/python3'`;
  return `PYTHONHOME='${home}' PYTHONPATH='${home}/lib/python3/dist-packages' ${python} -c '${listing}'`;
}
