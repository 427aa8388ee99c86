/** A program that checks, and tells by its exit status: docs/checks.md. */
import { isAbsolute } from 'node:path';
import type { Check } from '../model/check';
import type { CheckTarget } from '../model/director';
import { type Attempt, CheckFailure, type Found } from './attempt';
import { checkIdentity } from './identity';
import { type Ended, runToEnd } from './run-to-end';
import { scriptEnvironment } from './script-environment';
import { type User, userNamed } from './users';
import { errorSentence, quoted } from './words';

type ScriptCheck = Extract<Check, { type: 'script' }>;

/** The scripts that run, by identity: one at a time. A run may outlive its check by two seconds. */
const running = new Set<string>();

export async function checkScript(attempt: Attempt, check: ScriptCheck, target: CheckTarget): Promise<Found> {
  attempt.enter('run');
  const [program] = check.command;
  if (program === undefined || !isAbsolute(program)) {
    throw new CheckFailure('the program of the check must be an absolute path', true);
  }
  const identity = checkIdentity(check, target);
  if (running.has(identity)) throw new CheckFailure('the run before has not ended yet');
  running.add(identity);
  const gone = () => running.delete(identity);
  try {
    const user = check.user === undefined ? undefined : await userNamed(check.user);
    const ended = await runToEnd(attempt, check.command, {
      env: { ...scriptEnvironment(check, target), ...personal(user), IPVSADM_TIMEOUT: String(check.timeout) },
      uid: user?.uid,
      gid: user?.gid,
      gently: true,
      gone,
    });
    return judged(ended, check.exit);
  } catch (error) {
    gone();
    if (error instanceof CheckFailure) throw error;
    throw new CheckFailure(`${program} cannot be run: ${errorSentence(error)}`, true);
  }
}

function personal(user: User | undefined): Record<string, string> {
  return user ? { USER: user.name, LOGNAME: user.name, HOME: user.home } : {};
}

function judged({ status, signal, stdout, stderr }: Ended, exit: ScriptCheck['exit']): Found {
  const [line = ''] = (stdout.trim() || stderr.trim()).split('\n');
  const said = line === '' ? '' : `: ${quoted(line)}`;
  if (signal !== undefined) throw new CheckFailure(`ended by ${signal}${said}`);
  if (exit === 'keepalived' && status >= 2) {
    return { message: `exit status ${status}${said}`, absoluteWeight: status - 2 };
  }
  if (status !== 0) throw new CheckFailure(`exit status ${status}, expected 0${said}`);
  const [, weight] = (exit === 'plain' && /^weight=(\d{1,5})%?\s*$/m.exec(stdout)) || [];
  return {
    message: `exit status 0${said}`,
    ...(weight !== undefined && { weight: Math.min(Number(weight), 65_535) }),
  };
}
