/** Asks the director daemon: HTTP over its unix socket. */
import { request } from 'node:http';
import type { DirectorAnswer, DirectorQuestion } from '../../platform/director-system';

/** The longest answer that is collected, and the longest line of one that is heard. */
const MAX_ANSWER = 256 * 1024 * 1024;
const MAX_LINE = 1024 * 1024;

export function askDirector(question: DirectorQuestion): Promise<DirectorAnswer> {
  const { socket, method, path, body, timeout, line, endable } = question;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const asked = request({
      socketPath: Buffer.from(socket, 'latin1').toString('utf8'),
      method,
      path,
      agent: false,
      headers:
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    });
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => asked.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), timeout);
    const end = (answer: DirectorAnswer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    asked.on('error', (error: NodeJS.ErrnoException) => end({ failure: error.code ?? error.message }));
    asked.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      const heard = status === 200 ? line : undefined;
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (data: string) => {
        rest += data;
        if (heard) {
          const lines = rest.split('\n');
          rest = lines.pop()!;
          for (const one of lines) heard(one);
        }
        if (rest.length > (heard ? MAX_LINE : MAX_ANSWER)) response.destroy(new Error('EMSGSIZE'));
      });
      response.on('end', () => end({ status, text: rest }));
      response.on('error', (error: NodeJS.ErrnoException) => end({ failure: error.code ?? error.message }));
      response.on('close', () => end({ failure: 'ECONNRESET' }));
    });
    endable?.(() => {
      asked.destroy();
      end({ status: 200, text: '' });
    });
    asked.end(text);
  });
}
