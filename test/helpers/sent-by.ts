import { ChangeBatch } from '../../src/ipvs/change-batch';
import { GenlConnection } from '../../src/netlink/genl';
import { ScriptedTransport } from './scripted-transport';

/** NLMSG_ERROR with code 0 for the request with that sequence number, at most 255. */
const ack = (sequence: number) =>
  `24000000 0200 0001 ${sequence.toString(16).padStart(2, '0')}000000 00000000 00000000 ${'00'.repeat(16)}`;

/** The datagrams that a batch of `count` changes sends. */
export function sentBy(count: number, fill: (batch: ChangeBatch) => void): string[] {
  const transport = new ScriptedTransport([ack(count)]);
  const batch = new ChangeBatch(new GenlConnection(transport), { id: 0x1f, version: 1 });
  fill(batch);
  batch.send();
  return transport.sent;
}
