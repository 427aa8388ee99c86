/** By what ldirectord tells real servers apart. */
import type { RealLine } from './real-servers';
import type { Words } from './services';
import { checkedServices, checkTypeOf, firstWord } from './values';

/**
 * Returns a function that gives the identity of a real server: what is checked and how, its weight
 * and forwarding method, but not its thresholds.
 */
export function identities(service: {
  readonly protocol: string;
  /** The port as ldirectord writes it. */
  readonly port: string;
  readonly words: Words;
}): (endpoint: string, line: RealLine) => string {
  const { protocol, words } = service;
  const value = (name: string) => words.get(name)?.text;
  const quoted = (name: string) => /^"(.*)"/s.exec(value(name) ?? '')?.[1];
  const checkType = checkTypeOf(value('checktype') ?? 'negotiate');
  const checked = value('service');
  const command = quoted('checkcommand') ?? value('checkcommand') ?? '/bin/true';
  const details: Record<string, string> = {
    negotiate: checked === undefined ? usualService(service) : firstWord(checked),
    external: command,
    'external-perl': command,
  };
  details.combined = details.negotiate!;
  const check = [checkType, details[checkType!] ?? '', protocol];
  const host = /^"?([^"]*)/.exec(value('virtualhost') ?? '')![1];
  const port = /[0-9]+/.exec(value('checkport') ?? '')?.[0];
  const request = quoted('request') ?? '/';
  const receive = quoted('receive') ?? '';
  return (endpoint, { forwarding, options: { weight, check: own } }) =>
    [
      ...check,
      endpoint,
      host,
      port,
      weight?.text ?? '1',
      forwarding.text,
      withSlash(own?.[0] ?? request),
      own?.[1] ?? receive,
    ].join('\n');
}

export function usualService({ protocol, port }: { protocol: string; port: string }): string {
  if (protocol === 'fwm') return 'none';
  return Object.keys(checkedServices).find((name) => String(checkedServices[name]) === port) ?? 'none';
}

export function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
