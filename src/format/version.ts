/** What `ipvsadm -v` prints, and -h first: scripts parse it. */
export const VERSION_LINE = 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n';

/** What `ipvsadm -h` prints. Loaded when it is asked for. */
export function helpText(): string {
  return VERSION_LINE + (require('./help') as typeof import('./help')).formatHelp();
}
