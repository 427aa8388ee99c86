/** The fields of a state document of version 2 that describe what a director needs beside its table. */
import { nameLengths } from '../../model/limits';
import { parseVip } from '../../setup/director';
import { isVip } from '../../setup/realserver';
import type { FieldOf } from './field';
import { boolean, type Kind, nameOfAtMost } from './kinds';

/** What director up makes beside the table. */
export interface DirectorPart {
  readonly interface?: string | undefined;
  /** Addresses, some with a prefix. */
  readonly vips?: readonly string[] | undefined;
  readonly snat?: boolean | undefined;
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
] as const satisfies readonly FieldOf<DirectorPart>[];
