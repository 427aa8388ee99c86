/** Bodies of requests and answers, in JSON. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Reads a body of JSON; an empty one is an empty object. @param most its bytes. */
export async function bodyOf(
  request: IncomingMessage,
  most: number,
): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) return { problem: `the body has more than ${most} bytes` };
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return { value: text === '' ? {} : (JSON.parse(text) as unknown) };
  } catch {
    return { problem: 'the body is not JSON' };
  }
}

export function sendJson(response: ServerResponse, json: unknown, status = 200): void {
  const body = `${JSON.stringify(json)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function sendProblem(response: ServerResponse, status: number, problem: string): void {
  sendJson(response, { ok: false, problem }, status);
}
