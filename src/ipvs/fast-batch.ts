/**
 * Fast path of `ChangeBatch.add` for loading a large table: most changes add real servers of IPv4
 * without thresholds and tunnels, whose messages are copied. Held equal to it by
 * test/ipvs/fast-batch.test.ts.
 */
import { AF_INET, addressWord } from '../model/address';
import type { Change } from '../model/change';
import type { RealServer } from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';
import type { ChangeBatch } from './change-batch';
import { addServer, changeTemplates } from './fast-change';

/** Returns a function that adds changes to a batch. */
export function fastAdder(batch: ChangeBatch): (change: Change) => void {
  const templates = changeTemplates(batch);
  if (!templates) return (change) => batch.add(change);
  return (change) => {
    if (!isUsual(change)) {
      batch.add(change);
      return;
    }
    const { key, server } = change;
    addServer(batch, templates, {
      protocol: key.protocol,
      serviceAddress: addressWord(key.address, 0),
      servicePort: key.port,
      serverAddress: addressWord(server.address, 0),
      serverPort: server.port,
      forwarding: server.forwarding,
      weight: server.weight,
    });
  };
}

/** Adds a real server to a service that is not a firewall mark. */
type Usual = Extract<Change, { readonly server: RealServer }> & {
  readonly kind: 'add-server';
  readonly key: Extract<ServiceKey, { readonly kind: 'address' }>;
};

function isUsual(change: Change): change is Usual {
  if (change.kind !== 'add-server') return false;
  const { key, server } = change;
  const { tunnel } = server;
  return (
    key.kind === 'address' &&
    key.family === AF_INET &&
    server.family === AF_INET &&
    server.upperThreshold === 0 &&
    server.lowerThreshold === 0 &&
    tunnel.type === 0 &&
    tunnel.port === 0 &&
    tunnel.flags === 0
  );
}
