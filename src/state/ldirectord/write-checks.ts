/** Checks and policies as directives of ldirectord(8), which has one check for each service. */
import { formatAddress } from '../../model/address';
import { type Check, type Pattern, regexSource } from '../../model/check';
import type { DirectorServer, DirectorService } from '../../model/director';

/** At the top level: only there the interval counts without processes of their own. */
export function checkInterval(services: readonly DirectorService[]): string {
  const first = services.map(checkOf).find((check) => check);
  return first ? `checkinterval = ${seconds(first.interval)}\n\n` : '';
}

/** The check that the directives of a service are for: the first of the first server. */
function checkOf({ servers }: DirectorService): Check | undefined {
  return servers.find(({ checks }) => checks.length > 0)?.checks[0];
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1000));
}

/** Returns the directives of a service; without a check, its servers are always up. */
export function checkLines(own: DirectorService, fallback: string | undefined): string[] {
  const check = checkOf(own);
  const kind = check && kindLines(check);
  if (!check || !kind) return ['checktype = on'];
  const limit = kind[0] === 'checktype = negotiate' ? 'negotiatetimeout' : 'checktimeout';
  return [
    ...kind,
    `${limit} = ${seconds(check.timeout)}`,
    `failurecount = ${check.fall}`,
    `quiescent = ${own.onFail === 'weight0' ? 'yes' : 'no'}`,
    ...(check.port === undefined ? [] : [`checkport = ${check.port}`]),
    ...(fallback === undefined ? [] : [fallback]),
  ];
}

const negotiate = (service: string, ...lines: readonly string[]) => [
  'checktype = negotiate',
  `service = ${service}`,
  ...lines,
];

/** Undefined if ldirectord has no such check. */
function kindLines(check: Check): string[] | undefined {
  switch (check.type) {
    case 'tcp':
      if (check.send === undefined && !check.expect) return ['checktype = connect'];
      return simpleLines(check);
    case 'udp':
      return simpleLines(check);
    case 'ping':
      return ['checktype = ping'];
    case 'http':
    case 'https':
      if (check.method !== 'GET' && check.method !== 'HEAD') return undefined;
      return negotiate(
        check.type,
        `httpmethod = ${check.method}`,
        ...hostLines(check),
        ...requestLines(check),
      );
    case 'smtp':
      return negotiate('smtp');
    case 'dns': {
      const answer = check.answer?.replace(/\./g, '\\.');
      if (!isQuotable(check.query)) return undefined;
      const receive = answer !== undefined && isQuotable(answer) ? [`receive = "^${answer}$"`] : [];
      return negotiate('dns', `request = "${check.query}"`, ...receive);
    }
    case 'script': {
      const [command] = check.command;
      return isQuotable(command!) && !/["#]/.test(command!)
        ? ['checktype = external', `checkcommand = "${command}"`]
        : undefined;
    }
    default:
      return undefined;
  }
}

function simpleLines({ send = '', expect }: Check & { readonly type: 'tcp' | 'udp' }): string[] | undefined {
  const request = send.replaceAll('\n', '\\n');
  if ((request !== '' && !isQuotable(request)) || !expect) return undefined;
  const receive = expressionOf(expect);
  if (receive === undefined) return undefined;
  return negotiate('simpletcp', `request = "/${request}"`, `receive = "${receive}"`);
}

type Http = Check & { readonly type: 'http' | 'https' };

/** Without it, the header has the address of the server. */
function hostLines({ host }: Http): string[] {
  return host !== undefined && /^[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*(?::[0-9]+)?$/.test(host)
    ? [`virtualhost = ${host}`]
    : [];
}

function requestLines({ path, body }: Http): string[] {
  const receive = body[0] && expressionOf(body[0]);
  return [
    ...(isQuotable(path) ? [`request = "${path}"`] : []),
    ...(receive === undefined ? [] : [`receive = "${receive}"`]),
  ];
}

/** A request and an answer of the server's own, when they are not those of the service. */
export function ownRequest({ checks: [check] }: DirectorServer, service: DirectorService): string {
  const usual = checkOf(service);
  if (check?.type !== usual?.type || (check?.type !== 'http' && check?.type !== 'https')) return '';
  const lines = requestLines(check).join();
  if (lines === requestLines(usual as Http).join() || !isQuotable(check.path)) return '';
  return `"${check.path}", "${(check.body[0] && expressionOf(check.body[0])) ?? ''}"`;
}

function expressionOf(pattern: Pattern): string | undefined {
  if ('regex' in pattern && pattern.ignoreCase) return undefined;
  const source = regexSource(pattern);
  return isQuotable(source) ? source : undefined;
}

/** A comment begins anywhere, and quotes end a value. */
function isQuotable(text: string): boolean {
  return text !== '' && /^[ !$-~]+$/.test(text);
}

/** The directive for the sorry server. */
export function fallbackLine(own: DirectorService, method: (server: never) => string): string | undefined {
  const { sorry, service } = own;
  if (!sorry || sorry.family !== service.key.family) return undefined;
  const ipv6 = sorry.address.length === 16;
  const host = ipv6 ? `[${formatAddress(sorry.address)}]` : formatAddress(sorry.address);
  return `fallback${ipv6 ? '6' : ''} = ${host}:${sorry.port} ${method(sorry as never)}`;
}
