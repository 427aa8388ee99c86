/** A single TCP connection to a given address, with the time of each step. */
import { connect } from 'node:net';
import type { Call, CallTarget } from '../../platform/interactive-system';

const MAX_ANSWER = 64 * 1024;

export function call({ address, port, from, localPort, request, timeout }: CallTarget): Promise<Call> {
  const begin = performance.now();
  const since = () => performance.now() - begin;
  return new Promise((resolve) => {
    const result: { -readonly [K in keyof Call]: Call[K] } = {
      source: { port: localPort },
      answer: '',
    };
    const socket = connect({
      host: address,
      port,
      localPort,
      ...(from !== undefined && { localAddress: from }),
    });
    const end = (failure?: string) => {
      clearTimeout(timer);
      result.failure ??= failure;
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end('ETIMEDOUT'), timeout);
    socket
      .setEncoding('latin1')
      .on('connect', () => {
        result.connected = since();
        result.source = { address: socket.localAddress, port: localPort };
        if (request === undefined) end();
        else socket.write(Buffer.from(request, 'latin1'));
      })
      .on('data', (data: string) => {
        result.answered ??= since();
        if (result.answer.length < MAX_ANSWER) result.answer += data;
      })
      .on('end', () => {
        result.ended = since();
        end();
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        end(error.code ?? error.message);
      });
  });
}
