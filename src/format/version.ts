/** The line that `ipvsadm -v` prints and that `-h` begins with. Scripts parse it. */
export const VERSION_LINE = 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n';

/**
 * The kernel's version number (major in bits 16-23, minor in 8-15, patch in 0-7) as dotted text.
 */
export function formatVersionWord(version: number): string {
  return `${(version >> 16) & 255}.${(version >> 8) & 255}.${version & 255}`;
}

/** The output of `ipvsadm -h`, ended by a note, if any. Loads the help text on demand. */
export function helpText(note?: string): string {
  const text = VERSION_LINE + (require('./help') as typeof import('./help')).formatHelp();
  return note === undefined ? text : `${text}\n${note}`;
}
