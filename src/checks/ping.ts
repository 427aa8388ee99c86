/** An echo request of ICMP, by ping(8): Node has no such socket. */
import { type Attempt, CheckFailure, type Found } from './attempt';
import type { Place } from './place';
import { runToEnd } from './run-to-end';
import { codeOf, quoted } from './words';

const NOT_INSTALLED = 'ping is not installed: the package iputils-ping has it';
const NOT_PERMITTED =
  "ping may not send: it needs CAP_NET_RAW (setcap cap_net_raw+ep on its file), or this user's group in the sysctl " +
  'net.ipv4.ping_group_range';

export async function checkPing(attempt: Attempt, { address, source, mark }: Place): Promise<Found> {
  attempt.enter('run');
  const args = [
    // -W is in seconds; the limit of the check is what ends it earlier.
    ...['-n', '-c', '1', '-W', String(Math.ceil(attempt.remaining() / 1000))],
    ...(source === undefined ? [] : ['-I', source]),
    ...(mark === undefined ? [] : ['-m', String(mark)]),
    address,
  ];
  const { status, stdout, stderr } = await ping(attempt, args);
  if (status === 0) {
    const [, time] = /time[=<]([\d.]+)/.exec(stdout) ?? [];
    return { message: time === undefined ? 'answered' : `answered in ${time}ms` };
  }
  // 1: sent, and no answer came; others, and any word on standard error: it could not send.
  const problem = stderr.trim().split('\n')[0]!;
  if (/not permitted|permission denied/i.test(stderr)) throw new CheckFailure(NOT_PERMITTED, true);
  const [, unreachable] =
    /(Destination \w+ (?:Unreachable|Prohibited)|Time to live exceeded)/.exec(stdout) ?? [];
  if (unreachable !== undefined) throw new CheckFailure(unreachable.toLowerCase());
  if (status === 1 && problem === '') throw new CheckFailure('no answer to ping');
  throw new CheckFailure(
    `ping failed: ${quoted(problem || `status ${status}`)}`,
    !/unreachable/i.test(problem),
  );
}

async function ping(attempt: Attempt, args: readonly string[]) {
  const env = { PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin:/usr/sbin:/sbin`, LC_ALL: 'C' };
  try {
    return await runToEnd(attempt, ['ping', ...args], { env });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new CheckFailure(NOT_INSTALLED, true);
    throw error;
  }
}
