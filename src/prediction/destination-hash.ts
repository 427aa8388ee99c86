/** dh: 256 buckets, dealt to the real servers in turn; the address that the client connects to decides. */
import { folded, hash32 } from './hash';
import { isAvailable, type Predictor } from './types';

/** CONFIG_IP_VS_DH_TAB_BITS, as distributions leave it. */
const BITS = 8;

export const destinationHash: Predictor = (servers) => {
  return ({ destination }) => {
    if (servers.length === 0) return undefined;
    const server = servers[hash32(folded(destination), BITS) % servers.length]!;
    return isAvailable(server) ? server : undefined;
  };
};
