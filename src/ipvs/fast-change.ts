/**
 * Fast path of `changeToRequest` for restoring many rules: copies a NEW_SERVICE or NEW_DEST message
 * for IPv4 and overwrites the words that differ. Falls back to `changeToRequest` on big-endian
 * machines, and for every rule that classic/fast-rule.ts does not scan; held equal to it by
 * test/ipvs/fast-change.test.ts.
 */
import { toBytes } from '../bytes/byte-text';
import { AF_INET, ipv4FromWord } from '../model/address';
import type { Change } from '../model/change';
import { hostNetmask } from '../model/virtual-service';
import { HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import { swapped16, swapped32 } from '../netlink/byte-order';
import { encodeGenlMessage, NLM_F_REQUEST } from '../netlink/message';
import type { BulkLines, RuleTemplate } from '../platform/bulk-lines';
import { changeKinds, changeToRequest } from './change';
import type { ChangeBatch } from './change-batch';

/** An IPv4 service to add, not persistent. Address and port are in host order. */
export interface ScannedService {
  protocol: number;
  serviceAddress: number;
  servicePort: number;
  scheduler: string;
}

/** A real server to add to an IPv4 service. Addresses and ports are in host order. */
export interface ScannedServer {
  protocol: number;
  serviceAddress: number;
  servicePort: number;
  serverAddress: number;
  serverPort: number;
  forwarding: number;
  weight: number;
}

/**
 * A distinct value for each word that differs, to find its place in the message. Their order is that
 * of the places in a `RuleTemplate`.
 */
const sampleService = { protocol: 0x11, serviceAddress: 0x21222324, servicePort: 0x3132 };
const sampleServer: ScannedServer = {
  ...sampleService,
  serverAddress: 0x41424344,
  serverPort: 0x5152,
  forwarding: 0x61626364,
  weight: 0x71727374,
};

/** A message to copy, and the index of the word of each value in it. */
interface Template<Name extends string> {
  readonly words: Int32Array;
  readonly places: Readonly<Record<Name, number>>;
  /** Both of them for an engine; `words` is a part of it. */
  readonly rule: RuleTemplate;
}

interface ServiceTemplate extends Template<keyof typeof sampleService> {
  readonly scheduler: Uint8Array;
}

/** The messages to copy, for the family of one batch. */
export interface ChangeTemplates {
  readonly server: Template<keyof ScannedServer>;
  /** By scheduler, as the length of its name varies. */
  readonly services: Map<string, ServiceTemplate>;
  /** The one used last. */
  service: ServiceTemplate;
}

/** The scheduler of the first template: the default one. */
const FIRST_SCHEDULER = 'wlc';

/** More than the number of schedulers in the kernel. */
const MAX_SCHEDULERS = 64;

/** The templates for a batch; undefined on big-endian machines. */
export function changeTemplates(batch: ChangeBatch): ChangeTemplates | undefined {
  if (!HOST_IS_LITTLE_ENDIAN) return undefined;
  return {
    server: templateOf(batch, sampleServer, addServerChange(sampleServer)),
    services: new Map(),
    service: serviceTemplate(batch, FIRST_SCHEDULER),
  };
}

/**
 * Adds the messages for many rules of a block, from byte `from` on, by an engine's `take`.
 * @returns where the first rule begins that was not taken.
 */
export function addRules(
  batch: ChangeBatch,
  { server, service }: ChangeTemplates,
  take: BulkLines['takeRules'],
  block: Uint8Array,
  from: number,
): number {
  const templates = { server: server.rule, service: service.rule, scheduler: service.scheduler };
  return batch.takeRules(take, templates, block, from);
}

/** Adds the message for one service to the batch. */
export function addService(batch: ChangeBatch, templates: ChangeTemplates, service: ScannedService): void {
  const { services } = templates;
  const { scheduler } = service;
  let template = services.get(scheduler);
  if (!template) {
    if (services.size === MAX_SCHEDULERS) services.clear();
    template = serviceTemplate(batch, scheduler);
    services.set(scheduler, template);
  }
  templates.service = template;
  const { words, places } = template;
  const at = batch.addTemplate('add-service', words);
  const target = batch.words;
  target[at + places.protocol] = service.protocol;
  target[at + places.serviceAddress] = swapped32(service.serviceAddress);
  target[at + places.servicePort] = swapped16(service.servicePort);
}

/** Adds the message for one real server to the batch. */
export function addServer(batch: ChangeBatch, templates: ChangeTemplates, server: ScannedServer): void {
  const { words, places } = templates.server;
  const at = batch.addTemplate('add-server', words);
  const target = batch.words;
  target[at + places.protocol] = server.protocol;
  target[at + places.serviceAddress] = swapped32(server.serviceAddress);
  target[at + places.servicePort] = swapped16(server.servicePort);
  target[at + places.serverAddress] = swapped32(server.serverAddress);
  target[at + places.serverPort] = swapped16(server.serverPort);
  target[at + places.forwarding] = server.forwarding;
  target[at + places.weight] = server.weight;
}

/** The change that adds a scanned service. */
export function addServiceChange(service: ScannedService): Change {
  return {
    kind: 'add-service',
    service: {
      key: keyOf(service),
      scheduler: service.scheduler,
      flags: 0,
      timeout: 0,
      netmask: hostNetmask(AF_INET),
      persistenceEngine: '',
    },
  };
}

/** The change that adds a scanned real server. */
export function addServerChange(server: ScannedServer): Change {
  return {
    kind: 'add-server',
    key: keyOf(server),
    server: {
      family: AF_INET,
      address: ipv4FromWord(server.serverAddress),
      port: server.serverPort,
      forwarding: server.forwarding,
      weight: server.weight,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: { type: 0, port: 0, flags: 0 },
    },
  };
}

function keyOf({ protocol, serviceAddress, servicePort }: typeof sampleService) {
  return {
    kind: 'address',
    protocol,
    family: AF_INET,
    address: ipv4FromWord(serviceAddress),
    port: servicePort,
  } as const;
}

function serviceTemplate(batch: ChangeBatch, scheduler: string): ServiceTemplate {
  const change = addServiceChange({ ...sampleService, scheduler });
  return { ...templateOf(batch, sampleService, change), scheduler: toBytes(scheduler) };
}

/** The message of a change as a template. @param change a change with the values of `sample`. */
function templateOf<Name extends string>(
  { family }: ChangeBatch,
  sample: Readonly<Record<Name, number>>,
  change: Change,
): Template<Name> {
  const message = encodeGenlMessage(family, changeToRequest(change), NLM_F_REQUEST, 0);
  const content = new Int32Array(message.buffer);
  const places = {} as Record<Name, number>;
  for (const name in sample) places[name] = content.indexOf(wireWord(name, sample[name]));
  const rule = Int32Array.of(changeKinds.indexOf(change.kind), ...Object.values<number>(places), ...content);
  return { words: rule.subarray(-content.length), places, rule };
}

/** The word of a value in a message on a little-endian machine. */
function wireWord(name: string, value: number): number {
  if (name.endsWith('Address')) return swapped32(value);
  return name.endsWith('Port') ? swapped16(value) : value;
}
