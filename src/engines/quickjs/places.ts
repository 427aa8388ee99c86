/** Where this executable and the program on Node lie. */

/** The folders of executables in a checkout and in the npm package, without that of the processor. */
const BUILT = '/dist/native/';

/** The program on Node, relative to the parent of BUILT. */
const BUILT_NODE_PROGRAM = '/bin/ipvsadm-node';

/**
 * The program on Node in the Debian package, relative to the directory of this executable: /usr/sbin
 * and /usr/lib/ipvsadm.
 */
const INSTALLED_NODE_PROGRAM = '../lib/ipvsadm/bin/ipvsadm';

/**
 * The path in the Debian package, assumed without /proc. The working directory cannot be trusted.
 */
const INSTALLED_PATH = '/usr/sbin/ipvsadm';

/** Returns the path of the program on Node, which may be missing. */
export function nodeProgram(): string {
  const executable = native.executable() ?? INSTALLED_PATH;
  return (
    besideBuilt(executable) ?? executable.slice(0, executable.lastIndexOf('/') + 1) + INSTALLED_NODE_PROGRAM
  );
}

/** Whether this executable belongs to a checkout or an npm package, which include the program on Node. */
export function hasNodeProgram(): boolean {
  return besideBuilt(native.executable() ?? '') !== undefined;
}

/** Whether bin/ipvsadm started this executable: it does so by the path in dist/native/. */
export function isStartedByLauncher(name: string): boolean {
  return besideBuilt(name) !== undefined;
}

/** Returns the program on Node for an executable in dist/native/PROCESSOR/. */
function besideBuilt(executable: string): string | undefined {
  const end = executable.lastIndexOf(BUILT);
  const rest = executable.slice(end + BUILT.length);
  return end < 0 || !/^[a-z0-9]+\/[^/]+$/.test(rest)
    ? undefined
    : executable.slice(0, end) + BUILT_NODE_PROGRAM;
}
