/**
 * Tokens of the web page: who may log in, and as what. The file has a digest of each and never the
 * token. A token has 256 random bits, so a plain SHA-256 of it cannot be guessed back.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type WebRole, webRoles } from './contract';

/** Where tokens are kept if nothing else is said. */
export const TOKEN_FILE = '/etc/ipvsadm/web-tokens.json';

export interface WebToken {
  /** Who has it: the author of what is done with it. */
  readonly name: string;
  readonly role: WebRole;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until?: number | undefined;
}

const BYTES = 32;
/** So that a leaked one is recognised by people and by scanners. */
const PREFIX = 'ipvsadm_';
const token = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{43}$`);

export const tokenName = /^[A-Za-z0-9._@-]{1,63}$/;

export function newToken(random: (size: number) => Buffer = randomBytes): string {
  return PREFIX + random(BYTES).toString('base64url');
}

/** @returns undefined for what cannot be a token. */
export function digestOf(text: string): string | undefined {
  return token.test(text) ? createHash('sha256').update(text).digest('hex') : undefined;
}

/** The text of a token file. */
export function formatTokens(tokens: readonly WebToken[]): string {
  return `${JSON.stringify({ format: 'ipvsadm-web-tokens', version: 1, tokens }, undefined, 2)}\n`;
}

/** @throws Error in words. */
export function parseTokens(text: string): WebToken[] {
  const file = parsed(text) as { format?: unknown; version?: unknown; tokens?: unknown } | null;
  if (file?.format !== 'ipvsadm-web-tokens' || file.version !== 1 || !Array.isArray(file.tokens))
    throw new Error("it is no file of tokens of version 1: 'ipvsadm web token' makes them");
  for (const [index, one] of (file.tokens as unknown[]).entries())
    if (!isToken(one)) throw new Error(`token ${index + 1} has not what 'ipvsadm web token' writes`);
  return file.tokens as WebToken[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
}

function isToken(value: unknown): value is WebToken {
  const { name, role, sha256, since, until } = (value ?? {}) as Record<string, unknown>;
  return (
    tokenName.test(String(name)) &&
    webRoles.includes(role as WebRole) &&
    /^[0-9a-f]{64}$/.test(String(sha256)) &&
    typeof since === 'number' &&
    (until === undefined || typeof until === 'number')
  );
}

/** The token that has this text. @param now milliseconds since 1970. */
export function findToken(tokens: readonly WebToken[], text: string, now: number): WebToken | undefined {
  const digest = digestOf(text);
  if (digest === undefined) return undefined;
  // Digests of random tokens: how long the comparison takes says nothing of use.
  return tokens.find(({ sha256, until }) => sha256 === digest && (until === undefined || until > now));
}
