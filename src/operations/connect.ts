import { errno } from '../errors/errno';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { kernelSentence } from '../errors/kernel-messages';
import { formatVersionWord } from '../format/version';
import { IpvsClient } from '../ipvs/client';
import type { IpvsInfo } from '../model/table';
import { errnoOf, isNetlinkFailure, NetlinkError, TransportError } from '../netlink/errors';
import { effectiveCapabilities } from '../platform/capabilities';
import type { System } from '../platform/system';

/** The oldest version of IPVS without a warning: 1.1.4. */
const MINIMUM_VERSION = 0x010104;

/** An open connection to the IPVS table, and the kernel's reply to GET_INFO. */
export interface IpvsConnection {
  readonly client: IpvsClient;
  readonly info: IpvsInfo;
  /** A warning for standard error, or ''. */
  readonly warning: string;
}

/**
 * Connects to the IPVS table. If that fails, loads the module with modprobe and tries once more.
 * @throws IpvsadmError, status 2, if there is no IPVS or no permission.
 */
export function connect(system: System): IpvsConnection {
  try {
    return attempt(system);
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    system.loadModule();
  }
  try {
    return attempt(system);
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    const code = initErrno(error, system);
    const reason = kernelSentence('connect', code);
    throw new IpvsadmError(
      `Can't initialize ipvs: ${reason}\nAre you sure that IP Virtual Server is built in the kernel or as module?`,
      exitStatus.usage,
      { operation: 'connect', errno: code },
      error,
    );
  }
}

function attempt(system: System): IpvsConnection {
  const transport = system.openTransport();
  try {
    const client = new IpvsClient(transport);
    const info = client.info();
    return { client, info, warning: versionWarning(info.version) };
  } catch (error) {
    transport.close();
    throw error;
  }
}

function versionWarning(version: number): string {
  if (version >= MINIMUM_VERSION) return '';
  return (
    'Warning: IPVS version mismatch: \n' +
    `  Kernel compiled with IPVS version ${formatVersionWord(version)}\n` +
    '  ipvsadm v1.31  requires minimum IPVS version 1.1.4\n'
  );
}

/**
 * The errno to report. If the kernel has no generic netlink family IPVS, the C program tries the
 * socket options of old kernels and reports their errno: ENOPROTOOPT, or EPERM for a user who may
 * not open a raw socket.
 */
function initErrno(error: unknown, system: System): number {
  const noFamily =
    error instanceof TransportError || (error instanceof NetlinkError && error.errno === errno.ENOENT);
  if (!noFamily) return errnoOf(error);
  return effectiveCapabilities(system)?.has('CAP_NET_RAW') ? errno.ENOPROTOOPT : errno.EPERM;
}
