/** The requests that the page's server answers itself. */
import type { WebRole } from './contract';

export interface OwnRequest {
  readonly method: 'GET' | 'POST';
  /** Its group is the parameter. */
  readonly path: RegExp;
  /** The path as people write it, and what it is for. */
  readonly what: readonly [path: string, summary: string];
  readonly role: WebRole;
}

export const ownRequests = {
  me: get(/^\/v1\/me$/, '/v1/me', 'who is logged in, and what this server has'),
  overview: get(/^\/v1\/overview$/, '/v1/overview', 'all services with their rates, status, the last events'),
  service: get(/^\/v1\/service\/([^/]+)$/, '/v1/service/KEY', 'a service with its servers'),
  rates: get(/^\/v1\/rates\/([^/]+)$/, '/v1/rates/KEY', 'the rates of a service in the last hour'),
  audit: get(/^\/v1\/audit$/, '/v1/audit', 'what was done through the page, newest first'),
  stream: get(
    /^\/v1\/stream$/,
    '/v1/stream?service=KEY',
    'server-sent events: overview, changed, happened, service',
  ),
  logout: {
    method: 'POST',
    path: /^\/v1\/logout$/,
    what: ['/v1/logout', 'ends the session of the cookie'],
    role: 'view',
  },
} as const satisfies Readonly<Record<string, OwnRequest>>;

export type OwnName = keyof typeof ownRequests;

function get(path: RegExp, shown: string, summary: string) {
  return { method: 'GET', path, what: [shown, summary], role: 'view' } as const;
}
