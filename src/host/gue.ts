/** The UDP ports whose packets the kernel unpacks as GUE: the generic netlink family fou. */
import { AF_INET, AF_INET6 } from '../model/address';
import { type AttributeTable, decodeAttributes, encodeAttributes, u8, u16be } from '../netlink/attribute';
import { GenlConnection, type GenlFamily } from '../netlink/genl';
import type { Transport } from '../netlink/transport';

/** Of uapi/linux/fou.h. The port is in network order. */
const FOU_VERSION = 1;
const FOU_CMD = { ADD: 1, DEL: 2, GET: 3 } as const;
const FOU_ENCAP_GUE = 2;
const attributes = { port: [1, u16be], family: [2, u8], type: [4, u8] } as const satisfies AttributeTable;

export interface GuePorts {
  /** The ports of IPv4, or of IPv6. */
  list(ipv6: boolean): readonly number[];
  add(port: number, ipv6: boolean): void;
  delete(port: number, ipv6: boolean): void;
}

/**
 * The ports of this network namespace.
 * @param transport a socket of generic netlink.
 * @throws NetlinkError ENOENT while the module fou is not loaded.
 */
export function guePorts(transport: Transport): GuePorts {
  const connection = new GenlConnection(transport);
  let family: GenlFamily | undefined;
  const fou = () => {
    family ??= connection.resolveFamily('fou', FOU_VERSION);
    return family;
  };
  const change = (command: number, port: number, ipv6: boolean, type?: number) =>
    connection.change(fou(), {
      command,
      attributes: encodeAttributes(attributes, { port, family: familyNumber(ipv6), type }),
    });
  return {
    list(ipv6) {
      let ports: number[] = [];
      connection.dump(
        fou(),
        { command: FOU_CMD.GET, attributes: new Uint8Array(0) },
        (datagram, from, to) => {
          const found = decodeAttributes(attributes, datagram.subarray(from, to));
          if (found.family !== familyNumber(ipv6) || found.type !== FOU_ENCAP_GUE) return;
          ports.push(found.port ?? 0);
        },
        () => {
          ports = [];
        },
      );
      return ports;
    },
    add: (port, ipv6) => change(FOU_CMD.ADD, port, ipv6, FOU_ENCAP_GUE),
    delete: (port, ipv6) => change(FOU_CMD.DEL, port, ipv6),
  };
}

function familyNumber(ipv6: boolean): number {
  return ipv6 ? AF_INET6 : AF_INET;
}
