/** Requests to the server, with the cookie that the browser keeps to itself. */
import type { Refusal } from '../contract';

export class Refused extends Error {
  /** @param status 0: no answer came. */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

let hearLogout: () => void = () => {};

/** @param hear is called when the server no longer knows who asks. */
export function onLogout(hear: () => void): void {
  hearLogout = hear;
}

export function get<T>(path: string): Promise<T> {
  return ask<T>(path, {});
}

/** @param generation that the page has seen: the server refuses when there is another. */
export function post<T>(path: string, body: object, generation?: number): Promise<T> {
  return ask<T>(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(generation !== undefined && { 'if-match': `"${generation}"` }),
    },
  });
}

/** Addresses are relative, so that a proxy may serve the page below a path of its own. */
async function ask<T>(path: string, options: RequestInit): Promise<T> {
  let answer: Response;
  let value: unknown;
  try {
    answer = await fetch(`v1/${path}`, { cache: 'no-store', redirect: 'error', ...options });
    value = await answer.json();
  } catch {
    throw new Refused(0, '');
  }
  if (answer.ok) return value as T;
  if (answer.status === 401 && path !== 'login') hearLogout();
  throw new Refused(answer.status, (value as Partial<Refusal>).problem ?? `HTTP ${answer.status}`);
}

/** `a=1&b=2` of those that have a value. */
export function query(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return new URLSearchParams(given).toString();
}
