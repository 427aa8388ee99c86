/** The files of the page: read once, and nothing but these is ever read for a request. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sendProblem } from './body';

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  /** Its name has a digest of what is in it. */
  readonly forever: boolean;
}

const INDEX = 'index.html';

/**
 * @param directory where the build has put them, with a table of their types.
 * @throws Error if they are not there.
 */
export function readPageFiles(directory: string): ReadonlyMap<string, PageFile> {
  const types = JSON.parse(readFileSync(join(directory, 'files.json'), 'utf8')) as Record<string, string>;
  return new Map(
    Object.entries(types).map(([name, type]) => {
      const bytes = readFileSync(join(directory, name));
      return [name, { type, bytes, gzipped: gzipSync(bytes, { level: 9 }), forever: name !== INDEX }];
    }),
  );
}

/** @param path as it was asked for. */
export function sendFile(
  files: ReadonlyMap<string, PageFile>,
  path: string,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const file = files.get(path === '/' ? INDEX : path.slice(1));
  if (!file) {
    sendProblem(response, 404, `there is no ${path.slice(0, 100)}`);
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    sendProblem(response, 405, `${path} takes GET`);
    return;
  }
  const zipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  const bytes = zipped ? file.gzipped : file.bytes;
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': bytes.length,
    vary: 'accept-encoding',
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    ...(file.forever ? { 'cache-control': 'public, max-age=31536000, immutable' } : {}),
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}
