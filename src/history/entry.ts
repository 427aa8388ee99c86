/** An entry of the history: a line of JSON about it, and the table before it as a state document. */
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import type { System } from '../platform/system';

/** What is known of an entry without its table. Texts are Unicode. */
export interface EntryHead {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The user whose process it was; absent if /proc does not tell. */
  readonly uid?: number | undefined;
  /** The user who called sudo. */
  readonly sudoUser?: string | undefined;
  /** The inode of the network namespace. */
  readonly namespace?: string | undefined;
  /** The name of the program, if it is not ipvsadm. */
  readonly program?: string | undefined;
  /** The arguments of the command. */
  readonly command: readonly string[];
  /** How many there were before it. */
  readonly services: number;
  readonly servers: number;
}

/** The longest first line, in bytes. */
export const MAX_HEAD = 16 * 1024;
/** How much of a command line is kept, in characters: a character takes six bytes at most. */
const MAX_COMMAND = 2000;
const MAX_NAME = 100;
const VERSION = 1;

/** Who runs which command in which namespace, now. */
export function headOf(
  system: Pick<System, 'args' | 'environment' | 'programName' | 'readFile'>,
  namespace: string | undefined,
  at: number,
): Omit<EntryHead, 'services' | 'servers'> {
  const uid = /^Uid:\t(\d+)/m.exec(system.readFile('/proc/self/status') ?? '')?.[1];
  const sudoUser = system.environment('SUDO_USER');
  const program = /(?:^|\/)(ipvsadm-restore)$/.exec(system.programName)?.[1];
  return {
    at,
    ...(uid === undefined ? {} : { uid: Number(uid) }),
    ...(sudoUser ? { sudoUser: unicodeFromBytes(sudoUser).slice(0, MAX_NAME) } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...(program === undefined ? {} : { program }),
    command: shortened(system.args.map(unicodeFromBytes)),
  };
}

/** As many words as fit, and a mark for the others. */
function shortened(words: readonly string[]): string[] {
  const kept: string[] = [];
  let room = MAX_COMMAND;
  for (const word of words) {
    room -= word.length + 1;
    if (room < 0) return [...kept, '...'];
    kept.push(word);
  }
  return kept;
}

/** The first line, one character a byte. */
export function headLine(head: EntryHead): string {
  return bytesFromUnicode(`${JSON.stringify({ history: VERSION, ...head })}\n`);
}

/** @param text the beginning of an entry. @returns undefined if it is none. */
export function parseHead(text: string): EntryHead | undefined {
  const newline = text.indexOf('\n');
  if (newline < 0) return undefined;
  try {
    const head = JSON.parse(unicodeFromBytes(text.slice(0, newline))) as { history?: unknown } & EntryHead;
    return head.history === VERSION && isHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}

function isHead(head: EntryHead): boolean {
  const { at, uid, sudoUser, namespace, program, command, services, servers } = head;
  return (
    [at, services, servers].every(Number.isSafeInteger) &&
    (uid === undefined || Number.isSafeInteger(uid)) &&
    [sudoUser, namespace, program].every((text) => text === undefined || typeof text === 'string') &&
    Array.isArray(command) &&
    command.every((word) => typeof word === 'string')
  );
}

/** The user who made the change. */
export function authorOf({ uid, sudoUser }: Pick<EntryHead, 'uid' | 'sudoUser'>): string {
  if (sudoUser !== undefined) return sudoUser;
  if (uid === undefined) return 'unknown';
  return uid === 0 ? 'root' : `uid ${uid}`;
}

/** The command line as a shell reads it. */
export function commandText({
  program = 'ipvsadm',
  command,
}: Pick<EntryHead, 'command' | 'program'>): string {
  const words = command.map((word) =>
    /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return [program, ...words].join(' ');
}
