/**
 * NEW_DEST messages for many IPv4 real servers, each a copy of one message with other words in a few places:
 * the fast twin of `changeToRequest` for the bulk of a restore; test/netlink/server-template.test.ts holds them equal.
 */
import { AF_INET, ipv4FromWord } from '../model/address';
import { HOST_IS_LITTLE_ENDIAN } from './attribute';
import { swapped16, swapped32 } from './byte-order';
import { type Change, changeToRequest } from './change';
import type { ChangeBatch } from './change-batch';
import { encodeGenlMessage, NLM_F_REQUEST } from './message';

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

/** A value for each place that differs, and no two of them alike, so that the places can be found. */
const sample: ScannedServer = {
  protocol: 0x11,
  serviceAddress: 0x21222324,
  servicePort: 0x3132,
  serverAddress: 0x41424344,
  serverPort: 0x5152,
  forwarding: 0x61626364,
  weight: 0x71727374,
};

export interface ServerTemplate {
  readonly words: Int32Array;
  /** Word number of each value in the message. */
  readonly places: Readonly<Record<keyof ScannedServer, number>>;
}

/** The message to copy, for a batch's family. undefined on big-endian machines: they take the general way. */
export function serverTemplate(batch: ChangeBatch): ServerTemplate | undefined {
  if (!HOST_IS_LITTLE_ENDIAN) return undefined;
  const request = changeToRequest(toChange(sample));
  const message = encodeGenlMessage(batch.family, request, NLM_F_REQUEST, 0);
  const words = new Int32Array(message.buffer);
  const place = (name: keyof ScannedServer) => words.indexOf(wireWord(name, sample[name]));
  return {
    words,
    places: {
      protocol: place('protocol'),
      serviceAddress: place('serviceAddress'),
      servicePort: place('servicePort'),
      serverAddress: place('serverAddress'),
      serverPort: place('serverPort'),
      forwarding: place('forwarding'),
      weight: place('weight'),
    },
  };
}

/** Adds the message for one server to the batch. */
export function addServer(
  batch: ChangeBatch,
  { words, places }: ServerTemplate,
  server: ScannedServer,
): void {
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

/** The change that a scanned line asks for. */
export function toChange(server: ScannedServer): Change {
  return {
    kind: 'add-server',
    key: {
      kind: 'address',
      protocol: server.protocol,
      family: AF_INET,
      address: ipv4FromWord(server.serviceAddress),
      port: server.servicePort,
    },
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

/** The word as it stands in the message of a little-endian machine. */
function wireWord(name: keyof ScannedServer, value: number): number {
  if (name.endsWith('Address')) return swapped32(value);
  return name.endsWith('Port') ? swapped16(value) : value;
}
