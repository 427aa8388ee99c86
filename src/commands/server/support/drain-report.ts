/** What server drain says of a real server: in words, or with --json as an object on a line. */
import { asciiJson } from '../../../bytes/unicode';
import { exitStatus } from '../../../errors/exit-status';
import { AF_INET6 } from '../../../model/address';
import type { ListedServer, ServerKey } from '../../../model/real-server';
import type { ServiceKey } from '../../../model/virtual-service';
import { interruptions } from '../../../platform/interactive-system';
import type { Output } from '../../../platform/output';
import { serverName, serviceName } from '../../../state/table/table-state';
import { connectionsText, type Drained, type DrainGoal } from './wait-for-drain';

export interface Waited {
  readonly drained: Drained;
  readonly goal: DrainGoal;
  /** What the server is called in messages. */
  readonly name: string;
  /** How to take the drain back. */
  readonly back: string;
  readonly deleted?: boolean;
}

/** Says how a wait ended. @returns the exit status. */
export function reportWait(waited: Waited, output: Output, json: boolean): number {
  const { drained, goal, name, back, deleted = false } = waited;
  const { until, timeout, key, server } = goal;
  if (json) {
    const outcome = drained.kind === 'done' ? until : drained.kind;
    const left = 'left' in drained ? drained.left : undefined;
    const line = { service: serviceName(key), server: serverName(server), outcome, left, deleted };
    output.write(drainLine(line));
    output.flush(); // other servers may take a while
  }
  const done = (text: string) => {
    if (!json) output.done(text);
    return exitStatus.ok;
  };
  switch (drained.kind) {
    case 'done':
      return done(`${name} is ${until}${deleted ? ' and was deleted' : ''}\n`);
    case 'gone':
      return done(`${name} is gone: another program deleted it\n`);
    case 'reweighted':
      output.error(
        `ipvsadm: ${name} gets connections again: another program set its weight to ${drained.weight}`,
      );
      return exitStatus.timedOut;
    case 'timeout':
      output.error(
        `ipvsadm: ${name} is not ${until} after ${timeout! / 1000} s: it has ${connectionsText(drained.left)}`,
      );
      output.error(back);
      return exitStatus.timedOut;
    case 'interrupted':
      output.error(`ipvsadm: interrupted; ${name} has ${connectionsText(drained.left)}`);
      output.error(back);
      return exitStatus.signalled + interruptions[drained.signal];
  }
}

interface DrainLine {
  readonly service: string;
  readonly server: string;
  readonly outcome: 'draining' | 'missing' | DrainGoal['until'] | Exclude<Drained['kind'], 'done'>;
  /** The server as it was at the last look. */
  readonly left?: ListedServer | undefined;
  readonly deleted?: boolean;
}

/** The line of --json. */
export function drainLine({ left, deleted = false, ...rest }: DrainLine): string {
  const connections = left && {
    active: left.activeConnections,
    inactive: left.inactiveConnections,
    persistent: left.persistentConnections,
  };
  return `${asciiJson({ ...rest, connections, deleted })}\n`;
}

/** Says how to set the weight back. */
export function putBack(key: ServiceKey, server: ServerKey & Pick<ListedServer, 'weight'>): string {
  if (server.weight === 0) return 'ipvsadm: its weight stays 0, as it was before';
  return `ipvsadm: its weight stays 0; to set it back to ${server.weight}: ipvsadm server set ${serviceFlag(key)} --real-server ${serverName(server)} --weight ${server.weight}`;
}

/** The flags of a subcommand that name a service. */
function serviceFlag(key: ServiceKey): string {
  const [kind, ...rest] = serviceName(key).split(':');
  if (key.kind === 'fwmark') return `--fwmark ${key.fwmark}${key.family === AF_INET6 ? ' --ipv6' : ''}`;
  return `--${kind} ${rest.join(':')}`;
}
