import type { Timeouts } from '../model/table';

/** The line of -L --timeout. */
export function formatTimeouts({ tcp, tcpFin, udp }: Timeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp | 0} ${tcpFin | 0} ${udp | 0}\n`;
}
