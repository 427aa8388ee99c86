/** The fields of documents that the form has: those that are common. The text has all. */
import { schedulers } from '../../../model/schedulers';
import type { Path } from './document';

/** How a field is shown, and how what is typed becomes a value. */
export type FieldKind = 'text' | 'number' | 'numberOrText' | 'flag' | 'list';

export interface FormField {
  readonly path: Path;
  readonly kind: FieldKind;
  /** All that it may be; the text may still have something else. */
  readonly options?: readonly string[];
  /** What is offered, among others. */
  readonly offers?: readonly string[];
  /** Of a check: the types that have it. */
  readonly types?: readonly string[];
}

const field = (
  name: string,
  kind: FieldKind = 'text',
  more: Omit<FormField, 'path' | 'kind'> = {},
): FormField => ({
  path: name.split('.'),
  kind,
  ...more,
});

export const forwardings = ['masquerading', 'gatewaying', 'tunneling', 'local'];
export const protocols = ['tcp', 'udp', 'sctp'];
export const schedulerNames = schedulers.map(({ name }) => name);

export const serviceFields: readonly FormField[] = [
  field('name'),
  field('comment'),
  field('protocol', 'text', { options: protocols }),
  field('address'),
  field('port', 'number'),
  field('fwmark', 'number'),
  field('scheduler', 'text', { offers: schedulerNames }),
  field('persistence.timeout', 'number'),
  field('check', 'text'),
  field('quorum', 'numberOrText'),
  field('whenAllDown', 'text', { options: ['keep', 'drop', 'sorry'] }),
  field('sorry.address'),
  field('sorry.port', 'number'),
  field('sorry.forwarding', 'text', { options: forwardings }),
  field('onFail', 'text', { options: ['weight0', 'remove'] }),
  field('slowStart'),
  field('removeAfter'),
  field('owner', 'text', { options: ['ours', 'shared', 'report'] }),
  field('critical', 'flag'),
];

export const serverFields: readonly FormField[] = [
  field('name'),
  field('comment'),
  field('address'),
  field('port', 'number'),
  field('forwarding', 'text', { options: forwardings }),
  field('weight', 'number'),
  field('admin', 'text', { options: ['ready', 'drain', 'maint'] }),
  field('check', 'text'),
  field('upperThreshold', 'number'),
  field('lowerThreshold', 'number'),
];

export const directorFields: readonly FormField[] = [
  field('interface'),
  field('vips', 'list'),
  field('gateway'),
  field('snat', 'flag'),
  field('notify.exec'),
  field('notify.webhook'),
  field('notify.mail', 'list'),
  field('metrics.listen'),
  field('ha.engine', 'text', { options: ['keepalived', 'etcd'] }),
  field('ha.name'),
  field('ha.id', 'number'),
  field('ha.priority', 'number'),
  field('ha.peers', 'list'),
  field('ha.endpoints', 'list'),
  field('ha.cluster'),
];

const web = ['http', 'https'];
const secure = ['https', 'tls', 'grpc'];
const network = ['tcp', 'http', 'https', 'tls', 'smtp', 'dns', 'udp', 'grpc', 'agent'];

export const checkTypes = [...network, 'ping', 'script', 'file'];

export const checkFields: readonly FormField[] = [
  field('type', 'text', { options: checkTypes }),
  field('interval'),
  field('timeout'),
  field('fall', 'number'),
  field('rise', 'number'),
  field('port', 'number', { types: network }),
  field('path', 'text', { types: web }),
  field('host', 'text', { types: web }),
  field('status', 'numberOrText', { types: web }),
  field('body', 'text', { types: web }),
  field('verify', 'flag', { types: secure }),
  field('sni', 'text', { types: secure }),
  field('send', 'text', { types: ['tcp', 'udp', 'agent'] }),
  field('expect', 'text', { types: ['tcp', 'udp'] }),
  field('query', 'text', { types: ['dns'] }),
  field('answer', 'text', { types: ['dns'] }),
  field('helo', 'text', { types: ['smtp'] }),
  field('service', 'text', { types: ['grpc'] }),
  field('command', 'text', { types: ['script'] }),
  field('file', 'text', { types: ['file'] }),
];

/** What is typed as a value of the document; undefined: the field is taken away. */
export function readField(kind: FieldKind, text: string): unknown {
  const typed = text.trim();
  if (typed === '') return undefined;
  switch (kind) {
    case 'number':
    case 'numberOrText':
      // What is no number stays a text, and is reported where it is.
      return /^-?\d{1,15}$/.test(typed) ? Number(typed) : typed;
    case 'flag':
      return typed === 'true';
    case 'list':
      return typed.split(/[\s,]+/).filter(Boolean);
    case 'text':
      return typed;
  }
}

/** A value as it is typed; undefined: it is more than a form can show. */
export function writeField(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    const parts = value.map(writeField);
    return parts.includes(undefined) ? undefined : parts.join(', ');
  }
  return typeof value === 'object' ? undefined : String(value);
}
