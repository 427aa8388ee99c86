/** The fields of `director: { web: … }`: the web page. */
import type { WebSettings } from '../../model/director';
import { textLike, textThat } from './check-kinds';
import type { FieldOf, ObjectProblem, ObjectType } from './field';
import type { Kind } from './kinds';
import { isLoopback, LISTEN_ADDRESS, parseListenAddress } from './listen-address';

const file = textLike('an absolute path', /^\/[^\0]*$/, 'a path that begins with /');

const tlsType = {
  id: 'web-tls',
  summary: 'the page over HTTPS',
  fields: [
    {
      name: 'certificate',
      kind: file,
      attribute: '',
      summary: "a file with the page's certificate in PEM, and those that sign it",
      required: true,
    },
    { name: 'key', kind: file, attribute: '', summary: 'a file with its key in PEM', required: true },
  ] as const satisfies readonly FieldOf<NonNullable<WebSettings['tls']>>[],
} as const satisfies ObjectType;

/** `lb.example.com`, `lb.example.com:8443`, `[2001:db8::1]:3636`: what a browser sends as Host. */
const hosts: Kind<readonly string[], string[]> = {
  form: 'flags',
  what: 'a host name',
  write: (list) => [...list],
  read: (list) => list,
  problem: (text) =>
    /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.test(text)
      ? undefined
      : {
          message: `'${text}' is not a host name`,
          hint: 'such as lb.example.com or lb.example.com:8443, without https://',
        },
};

export const webType = {
  id: 'web',
  summary: 'the web page',
  fields: [
    {
      name: 'listen',
      kind: textThat(LISTEN_ADDRESS, (value) =>
        parseListenAddress(value) ? undefined : { message: `'${value}' is not ${LISTEN_ADDRESS}` },
      ),
      attribute: '',
      summary: 'address and port of the page; with TLS alone one that other machines reach',
      required: true,
    },
    { name: 'tls', object: tlsType, when: ({ tls }) => tls?.certificate !== undefined },
    {
      name: 'hosts',
      kind: hosts,
      attribute: '',
      summary:
        'names by which browsers reach the page, beside its address; with a port unless it is that of `listen`',
      absent: 'none',
    },
  ] as const satisfies readonly FieldOf<WebSettings>[],
  problems: unprotected,
} as const satisfies ObjectType;

function unprotected({ listen, tls }: Partial<WebSettings>): readonly ObjectProblem[] {
  const address = typeof listen === 'string' ? parseListenAddress(listen) : undefined;
  if (!address || isLoopback(address) || tls) return [];
  const message = `other machines reach ${listen}, and the page would be without TLS there`;
  return [{ path: ['listen'], message, hint: "add 'tls', or listen at 127.0.0.1" }];
}

export function toWebSettings(part: WebSettings | undefined): WebSettings | undefined {
  if (part?.listen === undefined) return undefined;
  const { listen, tls, hosts: names } = part;
  const { certificate, key } = tls ?? {};
  return {
    listen,
    ...(certificate === undefined || key === undefined ? {} : { tls: { certificate, key } }),
    ...(names === undefined ? {} : { hosts: names }),
  };
}
