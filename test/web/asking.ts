/** Requests that no browser would send. */
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of a refusal. */
  readonly problem: string | undefined;
}

interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
}

/** @param path is sent as it is. */
export function ask(
  origin: string,
  path: string,
  { headers = {}, body, method = body === undefined ? 'GET' : 'POST' }: Asked = {},
): Promise<Answer> {
  const { hostname: host, port } = new URL(origin);
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host, port, path, method, headers: { ...json, ...headers }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject).on('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, body: text, problem: problemOf(text) });
        });
      },
    );
    asked.on('error', reject);
    asked.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}

function problemOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { problem?: string }).problem;
  } catch {
    return undefined;
  }
}

/** Logs in as the page does. @returns the headers of its requests. */
export async function cookieOf(origin: string, token: string): Promise<OutgoingHttpHeaders> {
  const { headers, status, body } = await ask(origin, '/v1/login', { headers: { origin }, body: { token } });
  const [cookie = ''] = headers['set-cookie'] ?? [];
  if (status !== 200) throw new Error(`no login: ${status} ${body}`);
  return { cookie: cookie.split(';')[0]!, origin, 'sec-fetch-site': 'same-origin' };
}
