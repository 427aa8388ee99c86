/** An address and a port at which the daemon listens, as text: `127.0.0.1:9300`, `[::1]:9300`. */
import { formatAddress, parseAddress } from '../../model/address';
import { U16_MAX } from '../../model/limits';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** @returns undefined for what is not one. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, six, four, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = parseAddress(six ?? four ?? '');
  const port = Number(digits);
  if (!address || (six !== undefined) !== address.length > 4 || port < 1 || port > U16_MAX) return undefined;
  return { host: formatAddress(address), port };
}

export const LISTEN_ADDRESS = 'an address and a port, such as 127.0.0.1:9300 or [::1]:9300';

/** Whether only this machine reaches it. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host.startsWith('127.') || host === '::1';
}
