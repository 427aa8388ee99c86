/** A connected UDP socket of a check. */
import { createSocket } from 'node:dgram';
import type { Duplex } from 'node:stream';
import type { Attempt } from './attempt';
import { type Place, placeText } from './place';
import { relayDatagrams } from './relay';

/** The most datagrams that wait to be read; more are lost, as in the kernel. */
const MAX_WAITING = 16;

export interface Datagrams {
  send(text: string): Promise<void>;
  /** The next datagram. @throws what an ICMP message said. */
  receive(): Promise<Buffer>;
}

export async function openDatagrams(attempt: Attempt, place: Place): Promise<Datagrams> {
  attempt.enter('connect');
  attempt.note(`to ${placeText(place)}${place.mark === undefined ? '' : ` with mark ${place.mark}`}`);
  const queue = new Queue(attempt);
  const transmit = await (place.mark === undefined ? plain : marked)(attempt, place, queue);
  return {
    async send(text) {
      attempt.enter('send');
      attempt.sent(text);
      await transmit(Buffer.from(text, 'latin1'));
      attempt.enter('wait');
    },
    receive: () => queue.next(),
  };
}

type Transmit = (bytes: Buffer) => Promise<void>;

/** What has come and is not read yet. */
class Queue {
  private readonly waiting: Buffer[] = [];
  private failure: Error | undefined;
  private wake = () => {};

  constructor(private readonly attempt: Attempt) {}

  add(bytes: Buffer): void {
    if (this.waiting.length < MAX_WAITING) this.waiting.push(bytes);
    this.wake();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  async next(): Promise<Buffer> {
    for (;;) {
      const bytes = this.waiting.shift();
      if (bytes) {
        this.attempt.received(bytes);
        return bytes;
      }
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

async function plain(
  attempt: Attempt,
  { address, family, port, source }: Place,
  queue: Queue,
): Promise<Transmit> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  attempt.atEnd(() => socket.close());
  socket.on('message', (bytes) => queue.add(bytes)).on('error', (error) => queue.fail(error));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    const connect = () => socket.connect(port, address, () => resolve());
    if (source === undefined) connect();
    else socket.bind({ address: source, port: 0, exclusive: true }, connect);
  });
  return (bytes) =>
    new Promise((resolve, reject) => {
      socket.send(bytes, (error) => (error ? reject(error) : resolve()));
    });
}

async function marked(attempt: Attempt, place: Place, queue: Queue): Promise<Transmit> {
  const relay: Duplex = await relayDatagrams(attempt, place);
  let frames = Buffer.alloc(0);
  relay
    .on('data', (bytes: Buffer) => {
      frames = Buffer.concat([frames, bytes]);
      while (frames.length >= 2 && frames.length >= 2 + frames.readUInt16BE()) {
        const end = 2 + frames.readUInt16BE();
        queue.add(frames.subarray(2, end));
        frames = frames.subarray(end);
      }
    })
    .on('error', (error) => queue.fail(error))
    .on('end', () => queue.fail(new Error('the helper for marks has ended')));
  return (bytes) =>
    new Promise((resolve, reject) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      relay.write(Buffer.concat([length, bytes]), (error) => (error ? reject(error) : resolve()));
    });
}
