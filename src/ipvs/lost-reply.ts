/**
 * What the answer means to a change that was sent again because its reply was lost: the first time,
 * the kernel may have carried it out.
 */
import { errno } from '../errors/errno';
import type { Change } from '../model/change';
import { serviceFlags } from '../model/virtual-service';
import { type Attributes, decodeAttributes, encodeAttributes } from '../netlink/attribute';
import { NetlinkError } from '../netlink/errors';
import type { GenlConnection, GenlFamily } from '../netlink/genl';
import { GENL_PAYLOAD } from '../netlink/message';
import { commandAttributes } from './attributes';
import { ipvsCommands } from './commands';

type CommandValues = Attributes<typeof commandAttributes>;

const { EEXIST, ENOENT, ESRCH } = errno;

/** The errnos of changes that are in effect already; for additions, only if the entry is equal. */
const repeated: { readonly [kind in Change['kind']]?: readonly number[] } = {
  'add-service': [EEXIST],
  'add-server': [EEXIST],
  'start-daemon': [EEXIST],
  'delete-service': [ESRCH],
  'delete-server': [ESRCH, ENOENT],
  'stop-daemon': [ESRCH],
};

/**
 * Whether a change that was sent again and refused with an errno is in effect.
 * @param holds whether the table has the entry that an addition adds.
 */
export function isInEffect(kind: Change['kind'], code: number, holds: () => boolean): boolean {
  if (!repeated[kind]?.includes(code)) return false;
  return kind === 'add-service' || kind === 'add-server' ? holds() : true;
}

/** Whether the table has the entry of an encoded add-service or add-server message. */
export function holds(connection: GenlConnection, family: GenlFamily, message: Uint8Array): boolean {
  const { service, destination } = decodeAttributes(commandAttributes, message.subarray(GENL_PAYLOAD));
  if (!destination) {
    const attributes = encodeAttributes(commandAttributes, { service });
    try {
      const found = connection.get(
        family,
        { command: ipvsCommands.getService, attributes },
        commandAttributes,
      ).service;
      return includes(found, service);
    } catch (error) {
      if (error instanceof NetlinkError) return false;
      throw error;
    }
  }
  let found: CommandValues[] = [];
  const attributes = encodeAttributes(commandAttributes, { service });
  connection.dump(
    family,
    { command: ipvsCommands.getDest, attributes },
    (datagram, from, to) => found.push(decodeAttributes(commandAttributes, datagram.subarray(from, to))),
    () => {
      found = [];
    },
  );
  return found.some((one) => includes(one.destination, destination));
}

/** Whether attributes that the kernel lists have the values of those that were sent. */
function includes(listed: object | undefined, sent: object | undefined): boolean {
  const values = listed as Record<string, unknown> | undefined;
  return Object.entries(sent ?? {}).every(([name, value]) => equal(name, values?.[name], value));
}

function equal(name: string, listed: unknown, sent: unknown): boolean {
  if (sent === undefined) return true;
  if (name === 'flags') {
    const bits = (value: unknown) => ((value as { flags: number }).flags | serviceFlags.hashed) >>> 0;
    return listed !== undefined && bits(listed) === bits(sent);
  }
  if (sent instanceof Uint8Array) return String(listed) === String(sent);
  return (listed ?? 0) === sent; // an old kernel leaves out the attributes of tunnels
}
