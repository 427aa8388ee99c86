/** The health checks of ldirectord(8) as checks of a state document. */
import { unicodeFromBytes } from '../../bytes/unicode';
import { parseAddress } from '../../model/address';
import { formatDuration } from '../document/check-kinds';
import { fittingCheck } from '../document/fitting-check';
import { patternNode } from '../document/perl-pattern';
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import type { Diagnostics, Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { hostText } from './endpoints';
import { usualService, withSlash } from './identity';
import type { Server } from './real-servers';
import type { Service } from './services';
import type { Entry, Started } from './start';
import { checkedServices, checkTypeOf, firstWord } from './values';

/** Returns the check of a real server; undefined if ldirectord takes it for up at all times. */
export type CheckMaker = (service: Service, entry: Entry) => SourceNode | undefined;

type Fields = Record<string, MaybeNode>;

/** What a check is made of. */
interface Context {
  readonly service: Service;
  readonly server: Server;
  /** The place of what decides the kind of check. */
  readonly place: Word;
  readonly value: (name: string) => Word | undefined;
  readonly request: Given;
  readonly receive: Given;
  readonly diagnostics: Diagnostics;
}

interface Given {
  readonly value: string;
  readonly word: Word;
}

/** Whether any real server of a service may go down. */
export function isChecked({ service }: Pick<Started, 'service'>): boolean {
  return service.servers.length > 0 && kindOf(service) !== undefined;
}

/** The type of check: for negotiate, the service; undefined: none. */
function kindOf({ words, protocol, target }: Service): string | undefined {
  const type = checkTypeOf(words.get('checktype')?.text ?? 'negotiate');
  if (type === 'on' || type === 'off' || type === 'external-perl') return undefined;
  // checktype = connect pings servers of UDP.
  if (type === 'connect') return protocol === 'udp' ? 'ping' : 'connect';
  if (type === 'ping' || type === 'external') return type;
  const given = words.get('service');
  const service = given ? firstWord(given.text) : usualService({ protocol, port: target.port });
  return service === 'none' ? undefined : service;
}

/** Notes a check that is not converted. */
export function noteUnchecked({ words }: Service, diagnostics: Diagnostics): void {
  const type = words.get('checktype');
  if (type && checkTypeOf(type.text) === 'external-perl')
    diagnostics.note(type, 'external-perl is ignored: ipvsadm runs no Perl; such servers count as up');
}

/** @param globals the values at the top level. */
export function checkMaker(globals: ReadonlyMap<string, Word>, diagnostics: Diagnostics): CheckMaker {
  return (service, { server, port }) => {
    const kind = kindOf(service);
    const type = service.words.get('checktype');
    if (kind === undefined) return undefined;
    if (type && checkTypeOf(type.text) === 'combined')
      diagnostics.note(type, "a number as 'checktype' is read as negotiate, each time");
    const value = (name: string) => service.words.get(name);
    const own = server.line.options.check;
    const place = service.words.get('service') ?? type ?? service.head.value;
    const context: Context = {
      service,
      server,
      place,
      value,
      request: own
        ? { value: own[0], word: server.line.options.checkWord! }
        : { value: quoted(value('request')) ?? '/', word: value('request') ?? place },
      receive: own
        ? { value: own[1], word: server.line.options.checkWord! }
        : { value: quoted(value('receive')) ?? '', word: value('receive') ?? place },
      diagnostics,
    };
    const made = (makers[kind] ?? connectAlone)(context);
    const negotiated = !['connect', 'ping', 'external'].includes(kind);
    const check = objectNode(
      {
        ...timeFields(context, globals, negotiated),
        port: made.type === 'ping' || made.type === 'script' ? undefined : portNode(context, kind, port),
        ...made.fields,
        type: scalarNode(made.type, place),
      },
      place,
    );
    return fittingCheck(check, diagnostics);
  };
}

/** The text between quotes, as far as the last one. */
function quoted(word: Word | undefined): string | undefined {
  return word && /^"(.*)"/s.exec(word.text)?.[1];
}

function numberIn(word: Word | undefined): number | undefined {
  const digits = word && /[0-9]+/.exec(word.text)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** The two limits are defaults of each other; the interval of a section counts only with fork. */
function timeFields(
  { value, place, service, diagnostics }: Context,
  globals: ReadonlyMap<string, Word>,
  negotiated: boolean,
): Fields {
  const names = ['checktimeout', 'negotiatetimeout'];
  const order = negotiated ? names.toReversed() : names;
  const limit = [...order.map(value), ...order.map((name) => globals.get(name))].find((word) => word);
  const forks = globals.get('fork')?.text === 'yes';
  const interval = (forks ? value('checkinterval') : undefined) ?? globals.get('checkinterval');
  const unused = forks ? undefined : value('checkinterval');
  if (unused) diagnostics.warn(unused, "ldirectord ignores 'checkinterval' here without 'fork = yes'");
  const count = value('failurecount') ?? globals.get('failurecount');
  const time = (word: Word | undefined, usual: number) =>
    scalarNode(formatDuration(Math.min(numberIn(word) ?? usual, 86_400) * 1000), word ?? place);
  const every = time(interval, 10);
  if (!interval)
    diagnostics.note(
      place,
      "no 'checkinterval': checks are 10 s apart, as those of ldirectord (the default of ipvsadm is 2 s)",
    );
  return {
    interval: every,
    fast: every,
    slow: every,
    timeout: time(limit, negotiated ? 30 : 5),
    fall: scalarNode(Math.min(numberIn(count) ?? 1, 1000), count ?? place),
    rise: scalarNode(1, place),
    initial: scalarNode('down', service.head.value),
  };
}

/** Left out if it is that of the server in the table. */
function portNode({ server, value, place }: Context, kind: string, port: number): MaybeNode {
  const given = value('checkport');
  const own = numberIn(given) ?? (Number(server.port) || checkedServices[kind] || port);
  return own === port || own === 0 ? undefined : scalarNode(own, given ?? server.line.port ?? place);
}

interface Made {
  readonly type: string;
  readonly fields: Fields;
}

const makers: Readonly<Record<string, (context: Context) => Made>> = {
  connect: () => ({ type: 'tcp', fields: {} }),
  ping: () => ({ type: 'ping', fields: {} }),
  external: externalCheck,
  http: (context) => httpCheck(context, 'http'),
  https: (context) => httpCheck(context, 'https'),
  dns: dnsCheck,
  smtp: smtpCheck,
  submission: smtpCheck,
  simpletcp: simpleCheck,
  nntp: (context) => greeting(context, '/^2/'),
  pop: (context) => greeting(context, '/^\\+OK/'),
  imap: (context) => greeting(context, '/^\\* (OK|PREAUTH)/'),
  ftp: (context) => greeting(context, '/^2/'),
  pops: handshake,
  imaps: handshake,
  ldaps: handshake,
};

function httpCheck(context: Context, type: 'http' | 'https'): Made {
  const { request, receive, value, server, place, diagnostics } = context;
  const host = /^"?([^"]*)/.exec(value('virtualhost')?.text ?? '')?.[1] ?? '';
  const method = /get|head/i.exec(value('httpmethod')?.text ?? '')?.[0].toUpperCase();
  const path = withSlash(request.value);
  const known = /^\/[!-~\u0080-\u00ff]*$/.test(path) && !request.value.includes('://');
  if (!known) diagnostics.warn(request.word, `'${request.value}' is no path: / is checked instead`);
  diagnostics.note(place, 'HTTP checks of ldirectord follow redirects, those of ipvsadm do not');
  return {
    type,
    fields: {
      path: known ? scalarNode(unicodeFromBytes(path), request.word) : scalarNode('/', request.word),
      method: method ? scalarNode(method, value('httpmethod')!) : undefined,
      host: /^[!-~]+$/.test(host)
        ? scalarNode(host, value('virtualhost')!)
        : scalarNode(hostText(server.address), server.line.host),
      body: expected(receive, diagnostics),
      ...(type === 'https' ? { verify: scalarNode(false, place), sni: scalarNode('', place) } : {}),
    },
  };
}

/** The pattern of `receive`; undefined for none, or one that JavaScript does not have. */
function expected(receive: Given, diagnostics: Diagnostics): MaybeNode {
  if (receive.value === '') return undefined;
  return patternNode({ value: unicodeFromBytes(receive.value), word: receive.word }, [], diagnostics);
}

/** ldirectord compares the addresses of the answer with an expression. */
function dnsCheck({ service, request, receive, diagnostics }: Context): Made {
  const query = request.value.replace(/^\//, '');
  const address = receive.value.replace(/^\^|\$$|\\/g, '');
  const isAddress = parseAddress(address) !== undefined;
  if (!isAddress)
    diagnostics.warn(
      receive.word,
      "any record is an answer: ldirectord compares it with 'receive'",
      'an address',
    );
  return {
    type: 'dns',
    fields: {
      query: scalarNode(query === '' ? '.' : unicodeFromBytes(query), request.word),
      transport: service.protocol === 'tcp' ? scalarNode('tcp', request.word) : undefined,
      answer: isAddress ? scalarNode(address, receive.word) : undefined,
    },
  };
}

function smtpCheck({ place }: Context): Made {
  return { type: 'smtp', fields: { helo: scalarNode('localhost.localdomain', place) } };
}

function simpleCheck({ service, request, receive, diagnostics }: Context): Made {
  const send = unicodeFromBytes(withSlash(request.value).slice(1).replaceAll('\\n', '\n'));
  const udp = service.protocol === 'udp';
  return {
    type: udp ? 'udp' : 'tcp',
    fields: {
      send: send === '' && !udp ? undefined : scalarNode(send, request.word),
      expect: expected(receive, diagnostics) ?? scalarNode('/^/', receive.word),
    },
  };
}

/** A protocol whose server speaks first. */
function greeting({ place, diagnostics, value }: Context, pattern: string): Made {
  if (value('login'))
    diagnostics.warn(value('login')!, 'the greeting alone is checked: checks of ipvsadm do not log in');
  return { type: 'tcp', fields: { expect: scalarNode(pattern, place) } };
}

function handshake({ place, diagnostics }: Context): Made {
  diagnostics.warn(place, 'the TLS handshake alone is checked: ipvsadm does not speak this protocol');
  return { type: 'tls', fields: { verify: scalarNode(false, place) } };
}

function connectAlone({ service, place, diagnostics }: Context): Made {
  const udp = service.protocol === 'udp';
  const what = udp ? 'a ping' : 'the connection';
  diagnostics.warn(place, `${what} alone is checked: ipvsadm does not speak this protocol`);
  return { type: udp ? 'ping' : 'tcp', fields: {} };
}

/** The command gets the addresses and ports of both servers. */
function externalCheck({ service, server, value, diagnostics, place }: Context): Made {
  const given = value('checkcommand');
  const command = quoted(given) ?? given?.text ?? '/bin/true';
  const { target } = service;
  const word = given ?? place;
  if (!command.startsWith('/'))
    diagnostics.warn(
      word,
      `the command is looked for in /: '${command}' is no absolute path`,
      'an absolute path',
    );
  const words = [
    command.startsWith('/') ? command : `/${command}`,
    target.address === undefined ? target.name : hostText(target.address),
    target.address === undefined ? '' : target.port,
    hostText(server.address),
    server.port,
  ];
  return {
    type: 'script',
    fields: {
      command: listNode(
        words.map((text) => scalarNode(text, word)),
        word,
      ),
    },
  };
}
