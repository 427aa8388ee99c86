/** The keys of one set of directors, and what their values hold. Values are JSON, and not trusted. */
import type { Role } from '../types';
import type { Entry } from './store';

export interface Keys {
  readonly prefix: string;
  /** Who leads, under the lease of that director. */
  readonly leader: string;
  /** Who led last, and whether the VIPs were gone when that ended. Without a lease. */
  readonly last: string;
  readonly document: string;
  /** One for each director that is there, under its lease. */
  readonly directors: string;
}

export function keysOf(cluster: string): Keys {
  const prefix = `lvs/${cluster}/`;
  return {
    prefix,
    leader: `${prefix}leader`,
    last: `${prefix}last-leader`,
    document: `${prefix}document`,
    directors: `${prefix}directors/`,
  };
}

export interface LastLeader {
  readonly name: string;
  /** The revision of the key: another one says that somebody else has led. */
  readonly modified: bigint;
  /** The VIPs had been taken away before the key was: nobody has to wait. */
  readonly released: boolean;
}

/** What a director says about itself. */
export interface DirectorRecord {
  readonly name: string;
  readonly role: Role;
  /** It could take the VIPs now, and has been there long enough to have the connections. */
  readonly ready: boolean;
  /** Why it is not fit to lead. */
  readonly problem?: string | undefined;
  /** The document of all that it has applied; 0: none. */
  readonly generation: number;
  /** Why it does not apply a newer one. */
  readonly refused?: string | undefined;
  /** A digest of the table that it has in its kernel. */
  readonly table?: string | undefined;
}

/** A document as it is in the store. */
export interface StoredDocument {
  readonly generation: number;
  readonly text: string;
  readonly author: string;
  readonly sha256: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function readLeaderName(value: string): string | undefined {
  return nameOf(fieldsOf(value).name);
}

export function readLastLeader({ value, modified }: Entry): LastLeader {
  const { name, released } = fieldsOf(value);
  return { name: nameOf(name) ?? 'unknown', modified, released: released === true };
}

const roles: readonly Role[] = ['leader', 'standby', 'unfit'];

export function readDirector(value: string): DirectorRecord | undefined {
  const fields = fieldsOf(value);
  const name = nameOf(fields.name);
  const role = roles.find((one) => one === fields.role);
  if (name === undefined || role === undefined) return undefined;
  return {
    name,
    role,
    ready: fields.ready === true,
    problem: shortText(fields.problem),
    generation: generationOf(fields.generation) ?? 0,
    refused: shortText(fields.refused),
    table: shortText(fields.table),
  };
}

export function readDocument(value: string): StoredDocument | undefined {
  const { generation: number, text, author, sha256 } = fieldsOf(value);
  const generation = generationOf(number);
  if (generation === undefined || typeof text !== 'string' || typeof sha256 !== 'string') return undefined;
  return { generation, text, author: shortText(author) ?? 'unknown', sha256 };
}

function fieldsOf(value: string): Fields {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : {};
  } catch {
    return {};
  }
}

const LONGEST = 256;

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, LONGEST) : undefined;
}

function nameOf(value: unknown): string | undefined {
  const name = shortText(value);
  return name === '' ? undefined : name;
}

function generationOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
