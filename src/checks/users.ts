/** Users of this machine, as /etc/passwd and /etc/group name them. */
import { promises as files } from 'node:fs';
import { CheckFailure } from './attempt';
import { errorSentence } from './words';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * @param text `NAME`, `NAME:GROUP` or `NAME GROUP`; numbers as well.
 * @returns undefined if this process already is that user.
 * @throws CheckFailure if there is none, or only root could become it.
 */
export async function userNamed(text: string): Promise<User | undefined> {
  const [name = '', group] = text.trim().split(/[:\s]+/);
  const user = await lookup('/etc/passwd', name);
  const uid = user ? Number(user[2]) : numberOf(name);
  if (uid === undefined) throw new CheckFailure(`no user ${name} in /etc/passwd`, true);
  const gid = group === undefined ? Number(user?.[3] ?? uid) : await groupId(group);
  const { geteuid, getegid } = process;
  if (geteuid!() === uid && getegid!() === gid) return undefined;
  if (geteuid!() !== 0) throw new CheckFailure(`only root can run a check as the user ${name}`, true);
  return { name: user?.[0] ?? name, uid, gid, home: user?.[5] || '/' };
}

/** @param name numbers as well. @throws CheckFailure if there is none. */
export async function groupId(name: string): Promise<number> {
  const group = await lookup('/etc/group', name);
  const gid = group ? Number(group[2]) : numberOf(name);
  if (gid === undefined) throw new CheckFailure(`no group ${name} in /etc/group`, true);
  return gid;
}

/** The fields of the line that begins with a name. */
async function lookup(path: string, name: string): Promise<string[] | undefined> {
  try {
    const lines = (await files.readFile(path, 'latin1')).split('\n');
    return lines
      .map((line) => line.split(':'))
      .find((fields) => fields[0] === name && /^\d+$/.test(fields[2] ?? ''));
  } catch (error) {
    throw new CheckFailure(`${path}: ${errorSentence(error)}`, true);
  }
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
