/** Who is logged in: by a cookie that a browser keeps, or by a token that each request brings. */
import { randomBytes } from 'node:crypto';
import type { WebRole } from './contract';
import { findToken, type WebToken } from './tokens';

/** Who asks. */
export interface Caller {
  readonly name: string;
  readonly role: WebRole;
  /** Browsers send cookies by themselves, also for a page of somebody else. */
  readonly by: 'cookie' | 'token';
}

/** One who asks for something that goes on. */
export interface StayingCaller extends Caller {
  /** Whether it still may see it. */
  readonly mayStay: () => boolean;
}

/** A working day; then one logs in again. */
const LASTS = 12 * 3_600_000;
/** Of one token; its oldest one ends when there are more, and nobody else's. */
const MOST = 50;

const COOKIE = 'ipvsadm_session';

interface Session {
  readonly sha256: string;
  readonly until: number;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** @param tokens those that are valid now: a session ends with its token. */
  constructor(
    readonly tokens: () => readonly WebToken[],
    readonly now: () => number = Date.now,
  ) {}

  /** @returns the caller and the session's secret; undefined: there is no such token. */
  begin(text: string): { readonly caller: Caller; readonly secret: string } | undefined {
    const token = findToken(this.tokens(), text, this.now());
    if (!token) return undefined;
    const secret = randomBytes(32).toString('base64url');
    this.#sessions.set(secret, { sha256: token.sha256, until: this.now() + LASTS });
    this.#trim(token.sha256);
    return { caller: { name: token.name, role: token.role, by: 'cookie' }, secret };
  }

  /** Ends what is over, and the oldest of a token that has too many. */
  #trim(sha256: string): void {
    const now = this.now();
    for (const [secret, { until }] of this.#sessions) if (until <= now) this.#sessions.delete(secret);
    const same = [...this.#sessions].filter(([, session]) => session.sha256 === sha256);
    for (const [secret] of same.slice(0, -MOST)) this.#sessions.delete(secret);
  }

  end(secret: string | undefined): void {
    if (secret !== undefined) this.#sessions.delete(secret);
  }

  /** Who has a session. */
  caller(secret: string | undefined): Caller | undefined {
    const session = secret === undefined ? undefined : this.#sessions.get(secret);
    if (!session) return undefined;
    const now = this.now();
    const token = this.tokens().find(
      ({ sha256, until }) => sha256 === session.sha256 && (until === undefined || until > now),
    );
    if (token && session.until > now) return { name: token.name, role: token.role, by: 'cookie' };
    this.#sessions.delete(secret!);
    return undefined;
  }

  /** Who has a token: for programs. */
  bearer(text: string): Caller | undefined {
    const token = findToken(this.tokens(), text, this.now());
    return token && { name: token.name, role: token.role, by: 'token' };
  }
}

/** The session's secret of a header Cookie. */
export function secretOf(cookies: string | undefined): string | undefined {
  for (const part of (cookies ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value) return value;
  }
  return undefined;
}

/** The header Set-Cookie. @param secret undefined: takes the cookie away. */
export function sessionCookie(secret: string | undefined, secure: boolean): string {
  const life = secret === undefined ? 0 : LASTS / 1000;
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${life}${secure ? '; Secure' : ''}`;
  return `${COOKIE}=${secret ?? ''}; ${attributes}`;
}
