/** Reads the section of a virtual service of ldirectord(8). */
import { parseCommandLine } from '../../classic/parse';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { VirtualService } from '../../model/virtual-service';
import type { NameSource } from '../../platform/names';
import { noNames } from '../rules/write';
import type { Diagnostics, Word } from '../source/collect';
import { suggestName } from '../source/suggest';
import { type Directives, formerDirectives, sectionDirectives } from './directives';
import type { Lookup } from './endpoints';
import { type Fallback, fallbackOf } from './fallback';
import { type Head, headOf, isDotted, type Target, targetOf } from './heads';
import { identities } from './identity';
import { type Section, type Setting, warnOfRest } from './lines';
import { type Server, serversOf } from './real-servers';
import { checkTypeOf } from './values';

const DEFAULT_SCHEDULER = 'wrr';

/** A virtual service as ldirectord keeps it. */
export interface Service {
  readonly head: Setting;
  readonly words: Words;
  readonly target: Target;
  /** tcp, udp or fwm. */
  readonly protocol: string;
  /** Undefined if ipvsadm refuses it. */
  readonly added: VirtualService | undefined;
  readonly servers: readonly Server[];
  /** Whether ldirectord does not add the real servers. */
  readonly off: boolean;
  readonly quiescent: boolean | undefined;
  readonly fallback: Fallback | undefined;
}

/** The last value of each directive. */
export type Words = ReadonlyMap<string, Word>;

/** Returns undefined if ldirectord refuses the section. */
export function serviceOf(
  { head, settings }: Section,
  names: NameSource,
  diagnostics: Diagnostics,
): Service | undefined {
  const lookup: Lookup = { ipv6: head.name.text === 'virtual6', names, diagnostics };
  const words = new Map<string, Word>();
  const reals: Setting[] = [];
  let fallback: Setting | undefined;
  for (const setting of settings) {
    if (!isAccepted(setting, sectionDirectives, 'in the section of a virtual service', diagnostics)) continue;
    const name = setting.name.text;
    const [, kind, six] = /^(real|fallback)(6?)$/.exec(name) ?? [];
    if (!kind) words.set(name, setting.value);
    else if ((six !== '') !== lookup.ipv6) {
      const right = `use ${kind}${lookup.ipv6 ? '6' : ''}`;
      diagnostics.error(setting.name, `'${name}' in the section of a '${head.name.text}'`, right);
    } else if (kind === 'real') reals.push(setting);
    else fallback = setting;
  }
  const place = headOf(head.value, lookup);
  const protocol = place && protocolOf(place, words.get('protocol'), diagnostics);
  const target = protocol === undefined ? undefined : targetOf(place!, protocol, lookup);
  if (!place || protocol === undefined || !target) return undefined;
  const idOf = identities({ protocol, port: target.port, words });
  const checkType = checkTypeOf(words.get('checktype')?.text ?? 'negotiate');
  const quiescent = words.get('quiescent')?.text;
  return {
    head,
    words,
    target,
    protocol,
    added: addedService(head, protocol, target, words, lookup),
    servers: reals.flatMap(({ value }) => serversOf(value, lookup, idOf)),
    off: checkType === 'off',
    quiescent: quiescent === undefined ? undefined : quiescent === 'yes',
    fallback: fallback && fallbackOf(fallback, place.port, [protocol], lookup),
  };
}

/**
 * Returns whether ldirectord accepts a directive and its value. Reports an error if not, and notes
 * directives that are ignored.
 */
export function isAccepted(
  { name, value, bare }: Setting,
  directives: Directives,
  where: string,
  diagnostics: Diagnostics,
): boolean {
  const directive = Object.hasOwn(directives, name.text) ? directives[name.text] : undefined;
  if (!directive) {
    const hint = Object.hasOwn(formerDirectives, name.text)
      ? formerDirectives[name.text]
      : suggestName(name.text, Object.keys(directives));
    diagnostics.error(name, `unknown directive '${name.text}' ${where}`, hint);
    return false;
  }
  // `supervised` alone stands for `supervised = yes`.
  if (bare && name.text !== 'supervised') {
    diagnostics.error(name, `missing value of '${name.text}'`, `${name.text} = VALUE`);
    return false;
  }
  if (!bare && !directive.value.accepts(value.text)) {
    const message = `'${name.text}' must be ${directive.value.right}, not '${value.text}'`;
    diagnostics.error(value.text === '' ? name : value, message);
    return false;
  }
  if (directive.ignored !== undefined)
    diagnostics.note(name, `'${name.text}' is ignored: ${directive.ignored}`);
  return true;
}

function protocolOf(head: Head, given: Word | undefined, diagnostics: Diagnostics): string | undefined {
  const usual = head.mark === undefined ? (/^(53|domain)$/.test(head.port.text) ? 'udp' : 'tcp') : 'fwm';
  if (!given) return usual;
  const [word, start] = firstMatch(given, /\w+/, diagnostics);
  if (head.mark !== undefined ? word === 'fwm' : word === 'tcp' || word === 'udp') return word;
  const place = { offset: given.offset + start, length: word.length };
  if (head.mark === undefined) diagnostics.error(place, `unsupported protocol '${word}'`, 'tcp or udp');
  else diagnostics.error(place, "the protocol of a firewall mark must be 'fwm'", 'fwm, or leave it out');
  return undefined;
}

/** Returns what a pattern finds in a value that has it, and where. Warns of the rest. */
function firstMatch(value: Word, pattern: RegExp, diagnostics: Diagnostics): [string, number] {
  const { 0: found, index } = pattern.exec(value.text)!;
  warnOfRest(value, index, found.length, diagnostics);
  return [found, index];
}

/**
 * Returns the service that ldirectord's ipvsadm adds. Warns and returns undefined when it refuses.
 * `ops` takes effect for UDP only, `netmask` with `persistent` only.
 */
function addedService(
  head: Setting,
  protocol: string,
  target: Target,
  words: Words,
  { ipv6, diagnostics }: Lookup,
): VirtualService | undefined {
  const { scheduler, persistent, netmask, schedflags, ops } = Object.fromEntries(words);
  const argv = ['-A', { tcp: '-t', udp: '-u' }[protocol] ?? '-f', target.name];
  if (protocol === 'fwm' && ipv6) argv.push('-6');
  if (ops?.text === 'yes' && protocol === 'udp') argv.push('-o');
  else if (ops?.text === 'yes')
    diagnostics.warn(ops, "ldirectord ignores 'ops': one-packet scheduling requires UDP", 'protocol = udp');
  argv.push('-s', scheduler ? firstMatch(scheduler, /[a-z]+/, diagnostics)[0] : DEFAULT_SCHEDULER);
  if (netmask && !isNetmask(netmask.text, ipv6)) {
    const right = ipv6 ? 'a prefix length from 1 to 128' : 'a mask such as 255.255.255.0';
    diagnostics.error(netmask, `'netmask' must be ${right} and nothing more, not '${netmask.text}'`);
    return undefined;
  }
  if (persistent) {
    argv.push('-p', firstMatch(persistent, /[0-9]+/, diagnostics)[0]);
    if (netmask) argv.push('-M', netmask.text);
  } else if (netmask)
    diagnostics.warn(
      netmask,
      "ldirectord ignores 'netmask' without 'persistent'",
      'add persistent = SECONDS',
    );
  if (schedflags) {
    const given = firstMatch(schedflags, /[^ \t\v\f\r]+/, diagnostics)[0];
    const flags = shellWord(given);
    if (flags === undefined) {
      const hint = 'names separated by commas, without blanks';
      diagnostics.error(schedflags, `'${given}' is not a list of flags: a shell changes it`, hint);
      return undefined;
    }
    argv.push('-b', flags);
  }
  if (target.address !== undefined && isDotted(target.address)) {
    diagnostics.warn(head.value, `ldirectord fails to add this service: it misreads ${target.address}`);
    return undefined;
  }
  try {
    const request = parseCommandLine(argv, { programName: 'ipvsadm', posix: false, names: noNames });
    return request.kind === 'add-service' ? request.service : undefined;
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    const reason = error.message.trim().split('\n')[0];
    diagnostics.warn(head.value, `ldirectord fails to add this service: ipvsadm says '${reason}'`);
    return undefined;
  }
}

function isNetmask(text: string, ipv6: boolean): boolean {
  if (!ipv6) return /^[0-9]+(\.[0-9]+){3}$/.test(text);
  return /^[0-9]+$/.test(text) && Number(text) >= 1 && Number(text) <= 128;
}

/** Returns what sh makes of a word; undefined if it is more than quotes. */
function shellWord(word: string): string | undefined {
  if (!/^([\w,.:+=@%/-]|"[\w,.:+=@%/-]*"|'[\w,.:+=@%/-]*')*$/.test(word)) return undefined;
  return word.replace(/["']/g, '');
}
