/** The native executable, which does for the program on Node what Node has no system calls for. */

/** The name under which it is the helper (src/engines/quickjs/packets.c). */
export const HELPER_NAME = 'ipvsadm-packets';

/** Beside the bundle, or installed. The C program of the same name refuses the helper's words. */
export const helperPaths: readonly string[] = [
  `${__dirname}/native/${process.arch}/ipvsadm`,
  '/usr/sbin/ipvsadm',
];
