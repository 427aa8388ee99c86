/** The fields of a state document of version 2 that describe what a director needs beside its table. */
import { defaultCheckMarks, type MarkRange, type Notify, type WebSettings } from '../../model/director';
import { nameLengths, U32_MAX } from '../../model/limits';
import { parseVip } from '../../setup/director';
import { isVip } from '../../setup/realserver';
import { addressText } from './check-fields';
import { textLike, textThat } from './check-kinds';
import type { FieldOf, ObjectProblem } from './field';
import { type HaFields, haType } from './ha-fields';
import { boolean, integer, type Kind, nameOfAtMost } from './kinds';
import { LISTEN_ADDRESS, parseListenAddress } from './listen-address';
import { webType } from './web-fields';

/** What director up makes beside the table. */
export interface DirectorPart {
  readonly interface?: string | undefined;
  /** Addresses, some with a prefix. */
  readonly vips?: readonly string[] | undefined;
  readonly snat?: boolean | undefined;
  readonly gateway?: string | undefined;
  readonly notify?: Notify | undefined;
  readonly checkMarks?: MarkRange | undefined;
  readonly metrics?: MetricsPart | undefined;
  readonly web?: WebSettings | undefined;
  readonly ha?: HaFields | undefined;
}

interface MetricsPart {
  readonly listen?: string | undefined;
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

const markFields = [
  {
    name: 'first',
    kind: integer(1, U32_MAX),
    attribute: '',
    summary: 'the first of them',
    default: defaultCheckMarks.first,
  },
  {
    name: 'count',
    kind: integer(1, 0x100000),
    attribute: '',
    summary: 'how many there are: each server that is checked through the forwarding path has one',
    default: defaultCheckMarks.count,
  },
] as const satisfies readonly FieldOf<MarkRange>[];

function markProblems({ first, count }: Partial<MarkRange>): readonly ObjectProblem[] {
  const all = { ...defaultCheckMarks, ...(first && { first }), ...(count && { count }) };
  if (!(all.first + all.count > U32_MAX + 1)) return [];
  const message = `the last mark would be larger than ${U32_MAX}`;
  return [{ path: [], message, hint: 'lower first or count' }];
}

const metricsFields = [
  {
    name: 'listen',
    kind: textThat(LISTEN_ADDRESS, (value) =>
      parseListenAddress(value) ? undefined : { message: `'${value}' is not ${LISTEN_ADDRESS}` },
    ),
    attribute: '',
    summary: 'address and port at which metrics are served over HTTP, at `/metrics`, to whoever asks',
    absent: 'none; `--metrics` of director run wins',
  },
] as const satisfies readonly FieldOf<MetricsPart>[];

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
      'the gateway that is pinged when all checks fail at once: if it is silent, too, states stay as they are',
    absent: 'that of the default route, once it has answered',
  },
  {
    name: 'notify',
    object: { id: 'notify', summary: 'who is told of events', fields: notifyFields },
  },
  {
    name: 'checkMarks',
    object: {
      id: 'check-marks',
      summary: 'the firewall marks of checks with `via: path`',
      fields: markFields,
      problems: markProblems,
    },
  },
  {
    name: 'metrics',
    object: { id: 'metrics', summary: 'where metrics are served', fields: metricsFields },
  },
  { name: 'web', object: webType, when: ({ web }) => web?.listen !== undefined },
  { name: 'ha', object: haType, when: ({ ha }) => ha?.engine !== undefined },
] as const satisfies readonly FieldOf<DirectorPart>[];
