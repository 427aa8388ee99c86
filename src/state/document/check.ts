/** Converts health checks of a document to those of the model, and back. */
import { parseAddress } from '../../model/address';
import type { Check, CheckKind, CheckType, HttpExpectation, TlsSettings } from '../../model/check';
import { type CheckField, checkFields } from './check-fields';
import { isFieldOf } from './check-type';
import type { ModelOf } from './field';
import type { Kind } from './kinds';
import { readFields } from './read-fields';
import type { CheckDocument } from './types';

/** A check as its fields have it: those of other types have their defaults. */
type Flat = ModelOf<typeof checkFields>;

/** @param document one that fits the schema. */
export function toCheck(document: CheckDocument, name?: string): Check {
  const flat = readFields(checkFields, document);
  const { interval, fast, slow, timeout, fall, rise, initial, address, port, source, mark, via } = flat;
  return {
    ...(kinds[flat.type] as (flat: Flat) => CheckKind)(flat),
    ...{ interval, fast, slow, timeout, fall, rise, initial, via },
    ...present({ address, port, source, mark, name }),
  };
}

/** Without the properties that are undefined: equal checks are equal as JSON. */
function present<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

const kinds: { readonly [T in CheckType]: (flat: Flat) => Extract<CheckKind, { type: T }> } = {
  tcp: ({ send, expect }) => ({ type: 'tcp', ...present({ send, expect }) }),
  http: (flat) => ({ type: 'http', ...httpOf(flat) }),
  https: (flat) => ({ type: 'https', ...httpOf(flat), tls: tlsOf(flat) }),
  tls: (flat) => ({ type: 'tls', tls: tlsOf(flat) }),
  smtp: ({ helo }) => ({ type: 'smtp', helo }),
  dns: ({ query, record, transport, answer }) => ({
    type: 'dns',
    query: query!,
    record,
    transport,
    ...present({ answer }),
  }),
  udp: ({ send, expect }) => ({ type: 'udp', send: send!, ...present({ expect }) }),
  ping: () => ({ type: 'ping' }),
  script: ({ command, user, exit }) => ({ type: 'script', command: command!, exit, ...present({ user }) }),
  grpc: (flat) => ({ type: 'grpc', service: flat.service, ...(flat.tls ? { tls: tlsOf(flat) } : {}) }),
  agent: ({ send }) => ({ type: 'agent', ...present({ send }) }),
  file: ({ file, weight }) => ({ type: 'file', path: file!, ...present({ weight }) }),
};

function httpOf(flat: Flat): HttpExpectation {
  const { path, method, version, host, headers, status, body, not, answerHeaders, json, sha256, md5 } = flat;
  const digest = [
    ...sha256.map((hex) => ({ algorithm: 'sha256' as const, hex })),
    ...md5.map((hex) => ({ algorithm: 'md5' as const, hex })),
  ];
  return {
    path,
    method,
    version,
    ...present({ host }),
    headers,
    status,
    body,
    not,
    answerHeaders,
    json,
    digest,
  };
}

function tlsOf({ host, sni, verify, ca, certificate, key, warnDays }: Flat): TlsSettings {
  const name = sni ?? nameOf(host);
  const sent = name === '' ? undefined : name;
  return {
    verify: verify ?? sent !== undefined,
    ...present({ sni: sent, ca, certificate, key }),
    warnDays,
  };
}

/** The host without its port, if it is a name. */
function nameOf(host: string | undefined): string | undefined {
  if (host === undefined || host.startsWith('[')) return undefined;
  const name = host.replace(/:[0-9]+$/, '');
  return parseAddress(name) ? undefined : name;
}

/**
 * Returns a check as a document has it.
 * @param complete whether fields with their defaults are written, too.
 */
export function fromCheck(check: Check, complete = false): CheckDocument {
  const flat: Readonly<Record<string, unknown>> = flatOf(check);
  const fields = (checkFields as readonly CheckField[]).filter((field) => isFieldOf(field, check.type));
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = flat[field.name];
    if (value === undefined || (!complete && same(value, field.default))) return [];
    const written = (field.kind as Kind).write(value);
    return written === undefined ? [] : [[field.name, written]];
  });
  return Object.fromEntries(entries) as object as CheckDocument;
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function flatOf(check: Check): Record<string, unknown> {
  const flat: Record<string, unknown> = { ...check };
  if (check.type === 'file') flat.file = check.path;
  if (check.type === 'http' || check.type === 'https') {
    for (const name of ['sha256', 'md5'] as const) {
      flat[name] = check.digest.filter(({ algorithm }) => algorithm === name).map(({ hex }) => hex);
    }
  }
  if ('tls' in check && check.tls) {
    const { sni, verify, ...rest } = check.tls;
    const usual = 'host' in check ? nameOf(check.host) : undefined;
    Object.assign(flat, rest, {
      tls: true,
      sni: sni === usual ? undefined : (sni ?? ''),
      verify: verify === (sni !== undefined) ? undefined : verify,
    });
  }
  return flat;
}
