/** The fields of a state document of version 2 that describe what a director needs beside its table. */
import type { Notify } from '../../model/director';
import { nameLengths } from '../../model/limits';
import { parseVip } from '../../setup/director';
import { isVip } from '../../setup/realserver';
import { addressText } from './check-fields';
import { textLike } from './check-kinds';
import type { FieldOf } from './field';
import { boolean, type Kind, nameOfAtMost } from './kinds';

/** What director up makes beside the table. */
export interface DirectorPart {
  readonly interface?: string | undefined;
  /** Addresses, some with a prefix. */
  readonly vips?: readonly string[] | undefined;
  readonly snat?: boolean | undefined;
  readonly gateway?: string | undefined;
  readonly notify?: Notify | undefined;
}

const notifyFields = [
  {
    name: 'exec',
    kind: textLike('an absolute path', /^\/[^\0]*$/, 'a path that begins with /'),
    attribute: '',
    summary: 'program that gets each event as JSON on its standard input',
    absent: 'none',
  },
  {
    name: 'webhook',
    kind: textLike('a URL', /^https?:\/\/[!-~\u0080-\uffff]+$/, 'such as https://ops.example.com/lvs'),
    attribute: '',
    summary: 'URL to which each event is posted as JSON',
    absent: 'none',
  },
  {
    name: 'mail',
    kind: mailAddresses(),
    attribute: '',
    summary: 'addresses that get mail through sendmail(8)',
    absent: 'none',
  },
] as const satisfies readonly FieldOf<Notify>[];

/** Nothing that begins with a hyphen, which sendmail takes for an option. */
function mailAddresses(): Kind<readonly string[], string[]> {
  return {
    form: 'flags',
    what: 'a mail address',
    write: (list) => [...list],
    read: (list) => list,
    problem: (text) =>
      /^[!-,.-~][!-~]*$/.test(text)
        ? undefined
        : { message: `'${text}' is not a mail address`, hint: 'such as ops@example.com' },
  };
}

const vips: Kind<readonly string[], string[]> = {
  form: 'flags',
  what: 'a VIP',
  write: (list) => [...list],
  read: (list) => list,
  problem: (text) => {
    const vip = parseVip(text);
    if (vip && isVip(vip.address)) return undefined;
    return { message: `'${text}' is not a VIP`, hint: 'such as 192.0.2.10, 192.0.2.10/24 or 2001:db8::10' };
  },
};

export const directorFields = [
  {
    name: 'interface',
    kind: nameOfAtMost(nameLengths.interface, 'the name of an interface'),
    attribute: '',
    summary: 'the interface that gets the VIPs',
    absent: 'the one of their subnet, or of the default route',
  },
  {
    name: 'vips',
    kind: vips,
    attribute: '',
    summary: 'the virtual IP addresses; without a prefix /32 or /128',
    absent: 'the addresses of the services',
  },
  {
    name: 'snat',
    kind: boolean,
    attribute: '',
    summary: 'whether connections to masquerading real servers get this machine as their source',
    absent: '`false`',
  },
  {
    name: 'gateway',
    kind: addressText,
    attribute: '',
    summary:
      'the gateway that is pinged when all checks fail at once: without it everything failing is believed',
    absent: 'none',
  },
  {
    name: 'notify',
    object: { id: 'notify', summary: 'who is told of events', fields: notifyFields },
  },
] as const satisfies readonly FieldOf<DirectorPart>[];
