/**
 * Whether a request comes from this server's own page. Names that are not ours are refused, so that
 * a foreign page whose name was made to point here (DNS rebinding) reads nothing; requests of foreign
 * pages are, so that nobody's browser is used against the director (CSRF).
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { ListenAddress } from '../state/document/listen-address';
import { isLoopback } from '../state/document/listen-address';

/** The values of Host under which the page is served, in lower case. */
export function ownHosts(
  listen: ListenAddress,
  secure: boolean,
  names: readonly string[] = [],
): ReadonlySet<string> {
  const usual = secure ? 443 : 80;
  const plain = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const local = isLoopback(listen) ? ['localhost', '127.0.0.1', '[::1]'] : [];
  const hosts = [plain, ...local, ...names].flatMap((name) => {
    if (/:\d+$/.test(name) && !name.endsWith(']')) return [name];
    return listen.port === usual ? [name, `${name}:${usual}`] : [`${name}:${listen.port}`];
  });
  return new Set(hosts.map((host) => host.toLowerCase()));
}

/** What is wrong with the name that a request was sent to; undefined: nothing. */
export function foreignHost(headers: IncomingHttpHeaders, hosts: ReadonlySet<string>): string | undefined {
  const { host = '' } = headers;
  if (hosts.has(host.toLowerCase())) return undefined;
  const known = [...hosts].slice(0, 5).join(', ');
  return `this server is not '${host.slice(0, 100)}' but ${known}: 'hosts' of the document adds names`;
}

/**
 * Why a change is refused that a browser asks for: it must say that our own page has asked.
 * @param how.byCookie whether a cookie says who asks; a token is not sent by a page of somebody else.
 * @param how.secure whether the page is served with TLS: then a page without it is another one.
 */
export function foreignPage(
  headers: IncomingHttpHeaders,
  hosts: ReadonlySet<string>,
  { byCookie, secure }: { readonly byCookie: boolean; readonly secure: boolean },
): string | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  if (typeof site === 'string' && site !== 'same-origin' && site !== 'none') return FOREIGN;
  if (origin !== undefined) return hosts.has(hostOf(origin, secure)) ? undefined : FOREIGN;
  return byCookie && site === undefined ? `${FOREIGN}: there is no Origin` : undefined;
}

const FOREIGN = 'the request does not come from this page';

function hostOf(origin: string, secure: boolean): string {
  const [, scheme, host = ''] = /^(https?):\/\/([^/?#]+)$/.exec(origin.toLowerCase()) ?? [];
  // A proxy in front of a page without TLS may have some.
  return secure && scheme !== 'https' ? '' : host;
}
