import { readFileSync } from 'node:fs';

/** One of the processors this process may use; different processes are likely to get different ones. */
export function oneProcessor(): string {
  const [, list = '0'] =
    /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const processors = allOf(list);
  return String(processors[process.pid % processors.length]);
}

/** "0-2,5" -> [0, 1, 2, 5] */
function allOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
