/** Checks and policies as blocks and statements of keepalived.conf(5). */
import { formatAddress } from '../../model/address';
import { type Check, type Pattern, regexSource } from '../../model/check';
import type { DirectorService } from '../../model/director';

/** The names of the track_file blocks that FILE_CHECK needs, by the path of the file. */
export function trackFiles(services: readonly DirectorService[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { servers } of services) {
    for (const { checks } of servers) {
      for (const check of checks) {
        if (check.type === 'file' && isPlain(check.path) && !names.has(check.path))
          names.set(check.path, nameOf(check.path));
      }
    }
  }
  return names;
}

/** Different paths have different names, whichever others there are. */
function nameOf(path: string): string {
  return path.replace(/[^A-Za-z0-9.-]/g, (character) => `_${character.codePointAt(0)!.toString(16)}_`);
}

export function trackFileBlocks(services: readonly DirectorService[]): string {
  return Array.from(
    trackFiles(services),
    ([path, name]) => `track_file ${name} {\n    file ${path}\n}\n`,
  ).join('');
}

/** The SSL block: keepalived has one for all checks, so it is that of the first one with files. */
export function sslBlock(services: readonly DirectorService[]): string {
  for (const { servers } of services) {
    for (const { checks } of servers) {
      for (const check of checks) {
        if (check.type !== 'https') continue;
        const { ca, certificate, key } = check.tls;
        const lines = Object.entries({ ca, certificate, key }).filter(([, path]) => path && isPlain(path));
        if (lines.length > 0)
          return `SSL {\n${lines.map(([name, path]) => `    ${name} ${path}\n`).join('')}}\n`;
      }
    }
  }
  return '';
}

/** The statements of a virtual server. @param method writes a forwarding method. */
export function policyLines(
  { quorum, hysteresis, onFail, sorry, spare, servers }: DirectorService,
  method: (server: NonNullable<DirectorService['sorry']>) => string,
): string[] {
  const checked = servers.some(({ checks }) => checks.length > 0);
  return [
    'weight' in quorum && quorum.weight > 1 ? `quorum ${quorum.weight}` : '',
    hysteresis > 0 ? `hysteresis ${hysteresis}` : '',
    checked && onFail === 'weight0' ? 'inhibit_on_failure' : '',
    sorry ? `sorry_server ${formatAddress(sorry.address)} ${sorry.port}` : '',
    sorry ? `sorry_server_lvs_method ${method(sorry)}` : '',
    sorry && spare ? 'sorry_server_inhibit' : '',
  ].filter((line) => line !== '');
}

/** Returns the block of a check, with its lines; undefined if keepalived has no such check. */
export function checkerBlock(check: Check): string | undefined {
  const block = ownLines(check);
  if (!block) return undefined;
  const { keyword, lines } = block;
  const all = [...lines, ...(check.type === 'file' ? [] : commonLines(check))];
  return [`        ${keyword} {`, ...all.map((line) => `            ${line}`), '        }', ''].join('\n');
}

function commonLines(check: Check): string[] {
  const { address, port, source, mark, timeout, interval, fast, fall, initial } = check;
  return [
    address ? `connect_ip ${address}` : '',
    port ? `connect_port ${port}` : '',
    source ? `bindto ${source}` : '',
    mark ? `fwmark ${mark}` : '',
    check.type === 'script' ? '' : `connect_timeout ${timer(timeout)}`,
    `delay_loop ${timer(interval)}`,
    `retry ${fall - 1}`,
    `delay_before_retry ${timer(fast)}`,
    initial === 'down' ? 'alpha' : '',
  ].filter((line) => line !== '');
}

function timer(milliseconds: number): string {
  return String(milliseconds / 1000);
}

interface Block {
  readonly keyword: string;
  readonly lines: readonly string[];
}

function ownLines(check: Check): Block | undefined {
  switch (check.type) {
    case 'tcp':
      return check.send === undefined && !check.expect ? { keyword: 'TCP_CHECK', lines: [] } : undefined;
    case 'ping':
      return { keyword: 'PING_CHECK', lines: [] };
    case 'http':
      return isPlain(check.path) ? { keyword: 'HTTP_GET', lines: httpLines(check) } : undefined;
    case 'https': {
      if (!isPlain(check.path)) return undefined;
      const sni = check.tls.sni !== undefined && check.tls.sni === check.host;
      return { keyword: 'SSL_GET', lines: [...httpLines(check), ...(sni ? ['enable_sni'] : [])] };
    }
    case 'smtp':
      return isPlain(check.helo) ? { keyword: 'SMTP_CHECK', lines: [`helo_name ${check.helo}`] } : undefined;
    case 'dns':
      if (!isPlain(check.query)) return undefined;
      return { keyword: 'DNS_CHECK', lines: [`type ${check.record}`, `name ${check.query}`] };
    case 'udp':
      return { keyword: 'UDP_CHECK', lines: udpLines(check) };
    case 'script':
      return scriptLines(check);
    case 'file': {
      if (!isPlain(check.path)) return undefined;
      const lines = [`track_file ${nameOf(check.path)}`, `weight ${check.weight ?? 0}`];
      return { keyword: 'FILE_CHECK', lines };
    }
    default:
      return undefined;
  }
}

function httpLines(check: Check & { readonly type: 'http' | 'https' }): string[] {
  const { path, version, host, status, body, not, digest, headers } = check;
  const md5 = digest.find(({ algorithm }) => algorithm === 'md5');
  const [pattern] = body.length > 0 ? body : not;
  const closes = version === '1.0' && headers.Connection === 'close';
  return [
    `http_protocol ${version}${closes ? 'C' : ''}`,
    ...(host && isPlain(host) ? [`virtualhost ${host}`] : []),
    'url {',
    `    path ${path}`,
    `    status_code ${status.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(' ')}`,
    ...(md5 ? [`    digest ${md5.hex}`] : []),
    ...(pattern ? regexLines(pattern, body.length === 0) : []),
    '}',
  ];
}

/** An expression without quotes, backslashes before them, and comments. */
function regexLines(pattern: Pattern, negated: boolean): string[] {
  const source = regexSource(pattern);
  if (!/^[ !-~]+$/.test(source) || /["'!#]|\$[A-Za-z_{]/.test(source)) return [];
  const caseless = 'regex' in pattern && pattern.ignoreCase;
  return [
    `    regex "${source.replaceAll('\\', '\\\\')}"`,
    `    regex_options dotall${caseless ? ' caseless' : ''}`,
    ...(negated ? ['    regex_no_match'] : []),
  ];
}

/** The expressions that the reader makes of require_reply. */
const reply = /^\^\(\?=\.\{([0-9]+),([0-9]+)\}\$\)((?:\.|\\x[0-9a-f]{2})+)$/;

function udpLines({ send, expect }: Check & { readonly type: 'udp' }): string[] {
  const payload = Array.from(send, (character) => character.charCodeAt(0).toString(16).padStart(2, '0'));
  const lines = payload.length > 0 ? [`payload ${payload.join(' ')}`] : [];
  if (!expect || !('regex' in expect)) return lines;
  const [, minimum, maximum, bytes] = reply.exec(expect.regex) ?? [];
  if (bytes === undefined) return expect.regex === '^' ? [...lines, 'require_reply'] : lines;
  const octets = (bytes.match(/\.|\\x../g) ?? []).map((byte) => (byte === '.' ? 'XX' : byte.slice(2)));
  return [
    ...lines,
    `require_reply ${octets.join(' ')}`,
    `min_reply_length ${minimum}`,
    `max_reply_length ${maximum}`,
  ];
}

function scriptLines({
  command,
  timeout,
  user,
  exit,
}: Check & { readonly type: 'script' }): Block | undefined {
  // Each word in single quotes, all of it in double ones, which the first of the two readings takes.
  if (command.some((word) => !/^[ -~]*$/.test(word) || /["'\\!#$]/.test(word))) return undefined;
  const words = command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  return {
    keyword: 'MISC_CHECK',
    lines: [
      `misc_path "${words.join(' ')}"`,
      `misc_timeout ${Math.ceil(timeout / 1000)}`,
      ...(user === undefined ? [] : [`user ${user}`]),
      ...(exit === 'keepalived' ? ['misc_dynamic'] : []),
    ],
  };
}

/** Whether a text is one word that nothing changes. */
function isPlain(text: string): boolean {
  return /^[\w@%+=:,./?&;*()<>|[\]-]+$/.test(text);
}
