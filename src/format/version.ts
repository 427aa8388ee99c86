/** What `ipvsadm -v` prints, and -h first: scripts parse it. */
export const VERSION_LINE = 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n';

/** The kernel's version word (major in bits 16-23, minor in 8-15, patch in 0-7) with dots. */
export function formatVersionWord(version: number): string {
  return `${(version >> 16) & 255}.${(version >> 8) & 255}.${version & 255}`;
}

/** What `ipvsadm -h` prints. Loaded when it is asked for. */
export function helpText(): string {
  return VERSION_LINE + (require('./help') as typeof import('./help')).formatHelp();
}
