/** Opens the TCP connection of a check. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Attempt } from './attempt';
import { ByteStream } from './byte-stream';
import { type Place, placeText } from './place';
import { relayStream } from './relay';
import { milliseconds } from './words';

export async function openStream(attempt: Attempt, place: Place): Promise<ByteStream> {
  return new ByteStream(await openDuplex(attempt, place), attempt);
}

/** The same, for what reads by itself: TLS, HTTP/2. */
export async function openDuplex(attempt: Attempt, place: Place): Promise<Duplex> {
  attempt.enter('connect');
  attempt.note(
    `connecting to ${placeText(place)}${place.source === undefined ? '' : ` from ${place.source}`}${
      place.mark === undefined ? '' : ` with mark ${place.mark}`
    }`,
  );
  const begin = attempt.elapsed();
  const duplex = await (place.mark === undefined ? plainStream(attempt, place) : relayStream(attempt, place));
  attempt.note(`connected in ${milliseconds(attempt.elapsed() - begin)}`);
  attempt.enter('wait');
  return duplex;
}

function plainStream(attempt: Attempt, { address, family, port, source }: Place): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      family,
      port,
      autoSelectFamily: false,
      ...(source !== undefined && { localAddress: source }),
    });
    attempt.atEnd(() => socket.destroy());
    socket.on('error', reject).on('connect', () => resolve(socket));
  });
}
