/** The health checkers of a real server as checks of a state document. */

import { unicodeFromBytes } from '../../bytes/unicode';
import { formatDuration } from '../document/check-kinds';
import { fittingCheck } from '../document/fitting-check';
import { patternNode } from '../document/perl-pattern';
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import type { Diagnostics, Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import type { Checker, ClientTls, Connection, TrackFile, Url } from './checker-model';
import type { FamilyName, Given, Server, VirtualServer } from './model';
import { type CompleteTiming, LONGEST, timingOf } from './timing';

/** What checks need of the rest of the file. */
export interface CheckContext {
  readonly files: ReadonlyMap<string, TrackFile>;
  readonly tls: ClientTls;
  readonly diagnostics: Diagnostics;
}

type Fields = Record<string, MaybeNode>;

/**
 * Returns the checks of a server; undefined if it has none.
 * @param port that of the server in the table: keepalived checks the one of the file.
 */
export function checkNodes(
  { checkers = [], timing, endpoint }: Server,
  port: number,
  owner: VirtualServer,
  context: CheckContext,
): MaybeNode {
  const own = { value: endpoint.port, word: endpoint.portWord };
  const other = endpoint.port === 0 || endpoint.port === port ? undefined : own;
  const nodes = checkers.flatMap((given) => {
    const placed = other && !given.port ? { ...given, port: other } : given;
    const checker = withFittingSource(placed, endpoint.family, context.diagnostics);
    const times = timingOf(checker, timing, owner.timing);
    const host = checker.virtualhost ?? timing?.virtualhost ?? owner.timing?.virtualhost;
    const all = checksOf(checker, times, host, context);
    return all.flatMap((check) => fittingCheck(check, context.diagnostics) ?? []);
  });
  return nodes.length > 0 ? listNode(nodes, nodes[0]!.span) : undefined;
}

/** keepalived binds to no address of another family than the one that it connects to. */
function withFittingSource(checker: Checker, family: FamilyName, diagnostics: Diagnostics): Checker {
  const { address, source } = checker;
  const familyOf = (text: string) => (text.includes(':') ? 'ipv6' : 'ipv4');
  // SMTP_CHECK has no address of the server yet when it reads the source.
  if (checker.word.text === 'SMTP_CHECK' && !address) return checker;
  if (!source || familyOf(source.value) === (address ? familyOf(address.value) : family)) return checker;
  diagnostics.warn(source.word, "keepalived ignores 'bindto': it is of another address family");
  const { source: _, ...rest } = checker;
  return rest;
}

function checksOf(
  checker: Checker,
  times: CompleteTiming,
  host: Given<string> | undefined,
  context: CheckContext,
): SourceNode[] {
  const { word, fields } = checker;
  const { diagnostics } = context;
  const node = (type: string, own: Fields, connection: Connection = checker, limit = times.connectTimeout) =>
    objectNode(
      {
        type: scalarNode(type, word),
        ...timeFields(times, limit, diagnostics),
        ...placeFields(connection),
        ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, given(value)])),
        ...own,
      },
      word,
    );
  switch (word.text) {
    case 'TCP_CHECK':
      return [node('tcp', {})];
    case 'PING_CHECK':
      return [node('ping', { port: undefined })];
    case 'HTTP_GET':
    case 'SSL_GET':
      if (checker.urls.length === 0)
        diagnostics.warn(word, `keepalived ignores this ${word.text}: it has no url`);
      return checker.urls
        .flatMap((url) => urlFields(url, checker, host, context))
        .map((own) => node(word.text === 'SSL_GET' ? 'https' : 'http', own));
    case 'SMTP_CHECK':
      return smtpConnections(checker).map((connection) =>
        node(
          'smtp',
          { helo: fields.helo ? given(fields.helo) : scalarNode('smtpchecker.keepalived.org', word) },
          connection,
          connection.connectTimeout ?? times.connectTimeout,
        ),
      );
    case 'DNS_CHECK':
      return [
        node('dns', {
          query: fields.query ? given(fields.query) : scalarNode('.', word),
          record: fields.record ? given(fields.record) : scalarNode('SOA', word),
        }),
      ];
    case 'UDP_CHECK':
      return [node('udp', udpFields(checker, diagnostics))];
    case 'MISC_CHECK':
      return miscFields(checker, diagnostics).map((own) =>
        node('script', own, {}, checker.misc?.timeout?.value ? checker.misc.timeout : times.delayLoop),
      );
    default:
      // keepalived is told of changes, and has no times for this one.
      return fileFields(checker, context).map((own) => objectNode({ ...fileTimes(word), ...own }, word));
  }
}

function fileTimes(word: Word): Fields {
  const times = { type: 'file', interval: '1s', fast: '1s', slow: '1s', fall: 1, rise: 1, initial: 'up' };
  return Object.fromEntries(Object.entries(times).map(([name, value]) => [name, scalarNode(value, word)]));
}

function given({ value, word }: Given<unknown>): SourceNode {
  return Array.isArray(value)
    ? listNode(
        value.map((item) => scalarNode(item, word)),
        word,
      )
    : scalarNode(value, word);
}

/** A server is taken out after `retry` further failures, and one success takes it in. */
function timeFields(
  { delayLoop, delayBeforeRetry, retry, alpha }: CompleteTiming,
  limit: Given<number>,
  diagnostics: Diagnostics,
): Fields {
  const time = (time: Given<number>, least: number) => {
    const value = Math.min(Math.max(time.value, least), LONGEST);
    if (value !== time.value)
      diagnostics.warn(time.word, `a check of ipvsadm takes ${formatDuration(value)} instead of this time`);
    return scalarNode(formatDuration(value), time.word);
  };
  if (delayLoop.isDefault)
    diagnostics.note(
      delayLoop.word,
      "no 'delay_loop': checks are 60 s apart, as keepalived's are (the default of ipvsadm is 2 s)",
    );
  const fall = Math.min(retry.value + 1, 1000);
  if (fall <= retry.value) diagnostics.warn(retry.word, 'a check of ipvsadm fails 1000 times at most');
  return {
    interval: time(delayLoop, 100),
    fast: time(delayBeforeRetry, 50),
    slow: time(delayLoop, 100),
    timeout: time(limit, 10),
    fall: scalarNode(fall, retry.word),
    rise: scalarNode(1, delayLoop.word),
    initial: scalarNode(alpha.value ? 'down' : 'up', alpha.word),
  };
}

function placeFields({ address, port, source, mark }: Connection): Fields {
  return {
    address: address && given(address),
    port: port && given(port),
    source: source && given(source),
    mark: mark && given(mark),
  };
}

function urlFields(
  url: Url,
  { word, sni, fields }: Checker,
  inherited: Given<string> | undefined,
  { tls, diagnostics }: CheckContext,
): Fields[] {
  const { path, digest, status, statusWord, regex, noMatch, options } = url;
  if (!path) {
    diagnostics.warn(url.word, 'keepalived ignores this url: it has no path');
    return [];
  }
  const host = url.virtualhost ?? inherited;
  const pattern = regex && patternNode(regex, options, diagnostics);
  const version = fields.version ?? { value: '1.0', word };
  const secure = word.text === 'SSL_GET';
  const own: Fields = {
    path: scalarNode(path.value.startsWith('/') ? path.value : `/${path.value}`, path.word),
    version: scalarNode(version.value === '1.1' ? '1.1' : '1.0', version.word),
    headers: /^1\.0C$/i.test(version.value as string)
      ? objectNode({ Connection: scalarNode('close', version.word) }, version.word)
      : undefined,
    host: host && given(host),
    status: scalarNode(
      status.length === 0
        ? '200-299'
        : status.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(','),
      statusWord ?? url.word,
    ),
    md5: digest && given({ ...digest, value: digest.value.toLowerCase() }),
    ...(pattern ? { [noMatch ? 'not' : 'body']: pattern } : {}),
    ...(secure
      ? {
          verify: scalarNode(false, word),
          sni: scalarNode(sni && host ? host.value : '', word),
          ca: tls.ca && given(tls.ca),
          certificate: tls.certificate && tls.key && given(tls.certificate),
          key: tls.certificate && tls.key && given(tls.key),
        }
      : {}),
  };
  return [own];
}

/** The old host blocks are checks of their own; without another setting they replace the check. */
function smtpConnections(checker: Checker): Connection[] {
  const { address, port, source, mark, connectTimeout, hosts } = checker;
  const own = hosts.length === 0 || [address, port, source, mark, connectTimeout].some((one) => one);
  return own ? [checker, ...hosts] : hosts;
}

function udpFields({ word, udp }: Checker, diagnostics: Diagnostics): Fields {
  const { payload, reply, minimum = 0, maximum = 255 } = udp ?? {};
  if (!payload)
    diagnostics.note(word, 'UDP_CHECK without a payload: keepalived sends random bytes, ipvsadm a zero byte');
  return {
    send: payload ? scalarNode(unicodeFromBytes(payload.value), payload.word) : scalarNode('\0', word),
    expect: reply && scalarNode(replyPattern(reply.value.bytes, minimum, maximum), reply.word),
  };
}

/** keepalived looks at the length only if it looks at the bytes. */
function replyPattern(bytes: readonly (number | undefined)[], minimum: number, maximum: number): string {
  if (bytes.length === 0) return '/^/';
  const text = bytes.map((byte) => (byte === undefined ? '.' : `\\x${byte.toString(16).padStart(2, '0')}`));
  return `/^(?=.{${minimum},${maximum}}$)${text.join('')}/`;
}

function miscFields({ word, misc = {} }: Checker, diagnostics: Diagnostics): Fields[] {
  const { command, user, dynamic } = misc;
  if (!command) {
    diagnostics.warn(word, 'keepalived ignores this MISC_CHECK: it has no misc_path');
    return [];
  }
  if (!command.value[0]!.startsWith('/')) {
    diagnostics.warn(command.word, 'the script is not checked: its path is not absolute', 'an absolute path');
    return [];
  }
  if (!user)
    diagnostics.note(
      word,
      "MISC_CHECK without 'user': keepalived takes script_user, keepalived_script or root, ipvsadm its own user",
    );
  return [
    {
      command: given(command),
      user: user && given(user),
      exit: scalarNode(dynamic ? 'keepalived' : 'plain', dynamic ?? word),
    },
  ];
}

function fileFields({ word, file }: Checker, { files, diagnostics }: CheckContext): Fields[] {
  const name = file?.name;
  const found = name && files.get(name.text);
  if (!name || !found?.path) {
    const why = name ? `there is no track_file '${name.text}' with a file` : 'it has no track_file';
    diagnostics.warn(name ?? word, `keepalived ignores this FILE_CHECK: ${why}`);
    return [];
  }
  const weight = file.weight?.value ?? found.weight;
  return [
    {
      file: given(found.path),
      weight: weight === 0 ? undefined : scalarNode(weight, file.weight?.word ?? word),
    },
  ];
}
