/**
 * The name by which the user called the program, from that of its launcher. For a program found in
 * PATH, a shell passes the bare name to an executable but the complete path to a script; so a path
 * in a directory of PATH is reduced to the name.
 */
export function nameOfScript(path: string, searchPath: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 && searchPath.split(':').includes(path.slice(0, slash)) ? path.slice(slash + 1) : path;
}
