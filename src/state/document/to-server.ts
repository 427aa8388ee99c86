/** Converts real servers of a document to those of the model. */
import { AF_INET, AF_INET6, type Family } from '../../model/address';
import type { RealServer } from '../../model/real-server';
import type { ServiceKey } from '../../model/virtual-service';
import { type Part, report } from './part';
import { readFields } from './read-fields';
import { serverFields } from './server-fields';
import type { ServerDocument } from './types';

export function toServer(document: ServerDocument, key: ServiceKey, at: Part): RealServer {
  warnOfUnknown(document, at);
  const values = readFields(serverFields, document);
  return {
    ...values,
    family: familyOf(values.address, document, at),
    port: values.port ?? (key.kind === 'address' ? key.port : 0),
  };
}

/** Returns the family of an address; reports it when the document names the other one. */
export function familyOf(address: Uint8Array, named: Pick<ServerDocument, 'family'>, at: Part): Family {
  const family = address.length === 4 ? AF_INET : AF_INET6;
  const right = family === AF_INET ? 'ipv4' : 'ipv6';
  if (named.family !== undefined && named.family !== right) {
    report(at, ['family'], {
      message: `the address is not of family ${named.family}`,
      hint: `write ${right}, or leave it out`,
    });
  }
  return family;
}

export function warnOfUnknown({ unknown }: Pick<ServerDocument, 'unknown'>, { path, findings }: Part): void {
  if (!unknown || Object.keys(unknown).length === 0) return;
  const message = 'kernel attributes that this version does not know are not restored';
  findings.push({ path: [...path, 'unknown'], message, severity: 'warning' });
}
