import { readFileSync } from 'node:fs';

let chosen = process.pid;

/**
 * Returns a CPU that this process may use: another one at each call, as long as there are some, and
 * different processes are likely to begin with different ones.
 */
export function chooseCpu(): string {
  const [, list = '0'] =
    /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const cpus = allOf(list);
  chosen += 1;
  return String(cpus[chosen % cpus.length]);
}

/** "0-2,5" -> [0, 1, 2, 5] */
function allOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
