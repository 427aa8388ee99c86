/**
 * The fields of a health check in a state document, with the types of checks that have them. They
 * stand for a flat check; check.ts converts it to that of the model.
 */
import { formatAddress, parseAddress } from '../../model/address';
import { type CheckType, defaultTiming } from '../../model/check';
import { limits, U32_MAX } from '../../model/limits';
import {
  choice,
  command,
  digests,
  duration,
  headerPatterns,
  headers,
  jsonValues,
  pattern,
  patterns,
  statuses,
  textLike,
  textThat,
} from './check-kinds';
import type { ValueField } from './field';
import { address, boolean, integer, type Kind, text, within } from './kinds';

/** A field of some types of checks; absent: of all. */
export type CheckField = ValueField & {
  readonly types?: readonly CheckType[];
  /** The types that are nothing without it. */
  readonly requiredBy?: readonly CheckType[];
};

function field<const Name extends string, K extends ValueField['kind'], const More extends object>(
  name: Name,
  kind: K,
  summary: string,
  more: More,
) {
  return { name, kind, attribute: '', summary, ...more } as const;
}

export const checkTypes = [
  'tcp',
  'http',
  'https',
  'tls',
  'smtp',
  'dns',
  'udp',
  'ping',
  'script',
  'grpc',
  'agent',
  'file',
] as const satisfies readonly CheckType[];

const forwarded = ['tcp', 'http', 'https', 'tls', 'smtp', 'dns', 'udp', 'grpc'] as const;
export const ported = [...forwarded, 'agent'] as const;
const network = [...ported, 'ping'] as const;
const web = ['http', 'https'] as const;
export const secure = ['https', 'tls', 'grpc'] as const;

const DAY = 86_400_000;
const times = integer(1, 1000);

/** An address as text. */
export const addressText: Kind<string, string> = {
  ...textThat('an address', (value) => (address as { problem(text: string): undefined }).problem(value)),
  read: (value) => formatAddress(parseAddress(value)!),
};

/** Neither blanks nor control characters. */
const solid = (what: string) => textLike(what, /^[!-~\u0080-\uffff]+$/);
const path = textLike('an absolute path', /^\/[^\0]*$/, 'a path that begins with /');
const recordTypes = [
  ...['A', 'AAAA', 'CAA', 'CNAME', 'DNSKEY', 'DS', 'HINFO', 'MX', 'NAPTR', 'NS'],
  ...['NULL', 'PTR', 'RP', 'RRSIG', 'SOA', 'SRV', 'SSHFP', 'TLSA', 'TXT'],
] as const;

const timingFields = [
  field('interval', duration(100, DAY), 'from one check to the next while the server is up', {
    default: defaultTiming.interval,
  }),
  field('fast', duration(50, DAY), 'the same while results and state disagree', {
    default: defaultTiming.fast,
  }),
  field('slow', duration(100, DAY), 'the same while the server is down', { default: defaultTiming.slow }),
  field('timeout', duration(10, DAY), 'limit of the whole check', { default: defaultTiming.timeout }),
  field('fall', times, 'failures in a row until the server is down', { default: defaultTiming.fall }),
  field('rise', times, 'successes in a row until it is up again', { default: defaultTiming.rise }),
  field(
    'initial',
    choice('unknown', 'up', 'down'),
    'the state before the first result; `unknown`: the table stays as it is',
    { default: defaultTiming.initial },
  ),
] as const satisfies readonly CheckField[];

const placeFields = [
  field('address', addressText, 'where the check goes', { absent: 'that of the server', types: network }),
  field('port', within(limits.destinationPort), 'port that it goes to', {
    absent: 'that of the server',
    types: ported,
  }),
  field('source', addressText, 'address of this machine that it comes from', {
    absent: "the kernel's choice",
    types: network,
  }),
  field('mark', integer(1, U32_MAX), 'firewall mark of its packets', { absent: 'none', types: network }),
  field(
    'via',
    choice('server', 'path'),
    '`path`: to the virtual service, forwarded to this server as clients are',
    { default: 'server', types: forwarded },
  ),
] as const satisfies readonly CheckField[];

const httpFields = [
  field(
    'path',
    textLike('a path', /^\/[!-~\u0080-\uffff]*$/, 'such as /health; blanks are %20'),
    'path and query of the request',
    { default: '/', types: web },
  ),
  field('method', textLike('a method', /^[A-Z]{1,20}$/, 'such as GET or HEAD'), 'method of the request', {
    default: 'GET',
    types: web,
  }),
  field('version', choice('1.0', '1.1'), 'version of HTTP, as a string', { default: '1.1', types: web }),
  field('host', solid('a host'), 'header Host; of https also the name in the certificate', {
    absent: 'the address',
    types: web,
  }),
  field('headers', headers, 'further headers of the request, by name', { default: {}, types: web }),
  field('status', statuses, "statuses that are well: `200`, `'200-299,401'`", {
    default: [[200, 299]],
    types: web,
  }),
  field(
    'body',
    patterns,
    'text or `/regular expression/` (or a list, of which all) in the first 64 KiB of the body',
    { default: [], types: web },
  ),
  field('not', patterns, 'the same, none of which may be there', { default: [], types: web }),
  field('answerHeaders', headerPatterns, 'what headers of the answer contain, by name', {
    default: {},
    types: web,
  }),
  field('json', jsonValues, 'values in the body by JSON pointer (RFC 6901)', { default: [], types: web }),
  field('sha256', digests(64), 'digest of the body, or a list of which one', { default: [], types: web }),
  field('md5', digests(32), 'the same with MD5, for imported files', { default: [], types: web }),
] as const satisfies readonly CheckField[];

export const tlsFields = [
  field('tls', boolean, 'whether gRPC goes over TLS', { default: false, types: ['grpc'] }),
  field('verify', boolean, 'whether the certificate must be valid for `sni`', {
    absent: '`true` with `sni`, otherwise `false`',
    types: secure,
  }),
  field(
    'sni',
    textLike('a name', /^[!-~\u0080-\uffff]*$/),
    "name that is sent to the server; `''` for none",
    { absent: '`host` if it is a name', types: secure },
  ),
  field('ca', path, 'file with the certificates of authorities (PEM)', {
    absent: "Node's own",
    types: secure,
  }),
  field('certificate', path, "file with the client's certificate", { absent: 'none', types: secure }),
  { name: 'key', kind: path, attribute: '', summary: 'file with its key', absent: 'none', types: secure },
  field(
    'warnDays',
    integer(0, 10_000),
    'days before the end of the certificate from which on there is a warning',
    { default: 14, types: secure },
  ),
] as const satisfies readonly CheckField[];

const ownFields = [
  field('send', text('a text'), 'what is sent', {
    absent: 'nothing',
    types: ['tcp', 'udp', 'agent'],
    requiredBy: ['udp'],
  }),
  field('expect', pattern, 'text or `/regular expression/` in the answer', {
    absent: 'no answer is needed',
    types: ['tcp', 'udp'],
  }),
  field('helo', solid('a name'), 'name in the HELO', { default: 'localhost', types: ['smtp'] }),
  field('query', textLike('a domain name', /^(?:\.|[!-~\u0080-\uffff]{1,253})$/), 'name that is asked for', {
    types: ['dns'],
    requiredBy: ['dns'],
  }),
  field('record', choice(...recordTypes), 'type of the record', { default: 'A', types: ['dns'] }),
  field('transport', choice('udp', 'tcp'), 'transport of the query', { default: 'udp', types: ['dns'] }),
  field('answer', text('a text'), 'what one of the records must be', {
    absent: 'any record will do',
    types: ['dns'],
  }),
  field('command', command, 'program (an absolute path) and arguments, as a list', {
    types: ['script'],
    requiredBy: ['script'],
  }),
  field(
    'user',
    textLike('the name of a user', /^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}\$?$/),
    'user that runs it',
    { absent: 'that of the daemon', types: ['script'] },
  ),
  field(
    'exit',
    choice('plain', 'keepalived'),
    'what the exit status means: 0 is well, and `weight=N` on standard output a weight in percent; or as of a MISC_CHECK with misc_dynamic',
    { default: 'plain', types: ['script'] },
  ),
  field('service', text('a text'), 'service of grpc.health.v1', { default: '', types: ['grpc'] }),
  field('file', path, 'file with a number: 0 is well', { types: ['file'], requiredBy: ['file'] }),
  field('weight', integer(-1000, 1000), 'the number times this is added to the weight of the server', {
    absent: 'the number decides between up and down',
    types: ['file'],
  }),
] as const satisfies readonly CheckField[];

export const checkFields = [
  field('type', choice(...checkTypes), 'what is tried', { required: true }),
  ...timingFields,
  ...placeFields,
  ...httpFields,
  ...tlsFields,
  ...ownFields,
] as const satisfies readonly CheckField[];
