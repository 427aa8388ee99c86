/** The names and comments that people gave to virtual services and real servers, in a document or the daemon's. */
import { visibleUnicodeWord } from '../bytes/visible';
import type { ServerKey } from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';

/** A real server, by the keys that the table has for it (`serviceName`, `serverName`). */
export interface NamedServer {
  readonly service: string;
  readonly server: string;
  /** Of the server. */
  readonly comment?: string | undefined;
  readonly key: { readonly service: string; readonly server: string };
}

export interface GivenNames {
  service(key: ServiceKey): string | undefined;
  server(service: ServiceKey, key: ServerKey): string | undefined;
  serviceComment(key: ServiceKey): string | undefined;
  serverComment(service: ServiceKey, key: ServerKey): string | undefined;
}

/** An end point after its name; a name that is the end point itself says nothing more. */
export function titled(name: string | undefined, endpoint: string): string {
  return name === undefined || endpoint.endsWith(name) ? endpoint : `${visibleUnicodeWord(name)} ${endpoint}`;
}
