/**
 * Runs this program in another network namespace. Node has no setns(2), so nsenter (util-linux,
 * busybox) does. Texts have one character per byte.
 */
import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { errno } from '../../errors/errno';
import { exitStatus } from '../../errors/exit-status';
import type { NamespaceRun } from '../../platform/interactive-system';
import type { NamespaceFailure } from '../../platform/system';
import { systemErrno } from './system';

/** The file system of namespaces (uapi/linux/magic.h). */
const NSFS_MAGIC = 0x6e736673;

/** The limit of captured output in bytes. */
const MAX_CAPTURED = 256 * 1024 * 1024;

/** Of shells, and nsenter: the command cannot be executed, or is not there. */
const NOT_EXECUTED = [126, 127];

/** @param capture whether to return the output; otherwise it goes to our standard output and error. */
export function runInNamespace(
  path: string,
  args: readonly string[],
  capture: boolean,
): NamespaceRun | NamespaceFailure {
  const nsenter = ['nsenter', `--net=${path}`, '--'];
  const failure = notEntered(path, nsenter);
  if (failure) return failure;
  const program = [process.execPath, ...process.execArgv, process.argv[1]!].map(toBytes);
  const [command, ...words] = spawnable([...nsenter, ...program, ...args]);
  const { error, status, signal, stdout, stderr } = spawnSync(command!, words, {
    stdio: capture ? ['inherit', 'pipe', 'pipe'] : 'inherit',
    encoding: 'latin1',
    maxBuffer: MAX_CAPTURED,
  });
  if (error && status === null) return { errno: systemErrno(error) };
  return {
    status: status ?? exitStatus.signalled + constants.signals[signal!],
    stdout: stdout ?? '',
    stderr: stderr ?? '',
  };
}

/**
 * Why the namespace cannot be entered; undefined: it can. Found out beforehand, because nsenter fails
 * with statuses of this program. Nothing is opened: that of a pipe waits for a writer.
 */
function notEntered(path: string, nsenter: readonly string[]): NamespaceFailure | undefined {
  try {
    const { type } = statfsSync(Buffer.from(path, 'latin1'));
    if (type !== NSFS_MAGIC) return { errno: errno.EINVAL };
  } catch (error) {
    return { errno: systemErrno(error) };
  }
  const [command, ...words] = spawnable([...nsenter, 'true']);
  const { error, status, stderr } = spawnSync(command!, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'latin1',
  });
  if (error || (command === 'sh' && NOT_EXECUTED.includes(status!))) {
    return { errno: errno.ENOENT, reason: 'Node needs nsenter (util-linux) for it, which cannot be run' };
  }
  if (status === 0 || NOT_EXECUTED.includes(status!)) return undefined;
  // nsenter: reassociate to namespace 'ns/net' failed: Invalid argument
  const reason = stderr.trim().split('\n')[0]!.replace(/^.*: /, '');
  return reason === 'Invalid argument' || reason === ''
    ? { errno: errno.EINVAL }
    : { errno: errno.EPERM, reason };
}

/**
 * A command that Node can start: it encodes words as UTF-8, so that a shell has to make those that are
 * not.
 */
export function spawnable(words: readonly string[]): string[] {
  const texts = words.map((word) => Buffer.from(word, 'latin1').toString('utf8'));
  const isUtf8 = (index: number) => toBytes(texts[index]!) === words[index];
  if (words.every((_, index) => isUtf8(index))) return texts;
  const made = words.flatMap((word, index) => (isUtf8(index) ? [] : [madeByShell(`word${index}`, word)]));
  const all = words.map((_, index) => (isUtf8(index) ? `"\${${index + 1}}"` : `"$word${index}"`));
  return ['sh', '-c', `${made.join('\n')}\nexec ${all.join(' ')}`, 'sh', ...texts];
}

/** Assigns a word to a variable. The dot keeps newlines at the word's end. */
function madeByShell(name: string, word: string): string {
  const octal = Array.from(word, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');
  return `${name}=$(printf '${octal}.') && ${name}=\${${name}%.} || exit`;
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
