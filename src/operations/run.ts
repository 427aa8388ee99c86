import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { kernelSentence } from '../errors/kernel-messages';
import { formatDaemons } from '../format/sync-daemons';
import { formatTimeouts } from '../format/timeouts';
import { helpText, VERSION_LINE } from '../format/version';
import type { Change } from '../model/change';
import { errnoOf, isNetlinkFailure, NetlinkError } from '../netlink/errors';
import { listConnections } from './list-connections';
import { listJson } from './list-json';
import { listServices, saveServices } from './list-services';
import { restore } from './restore';
import type { Session } from './session';

/**
 * Runs a request of a command line, of a line of a restore or of a subcommand.
 * @returns the exit status.
 * @throws IpvsadmError if it fails; OutputError if standard output cannot be written.
 */
export async function run(request: Request, session: Session): Promise<number> {
  const { client } = session.connection;
  if ('json' in request) return await listing(request, () => listJson(request, session));
  switch (request.kind) {
    case 'help':
      session.output.write(helpText(session.system.helpNote));
      return exitStatus.ok;
    case 'version':
      session.output.write(VERSION_LINE);
      return exitStatus.ok;
    case 'list-services':
      return await listing(request, () => listServices(request, session));
    case 'save':
      return await listing(request, () => saveServices(request.numeric, session));
    case 'list-connections':
      return await listConnections(request, session);
    case 'list-timeouts':
      return silentListing(session, () => formatTimeouts(client.timeouts()));
    case 'list-daemons':
      return silentListing(session, () => formatDaemons(client.daemons()));
    case 'restore':
      return await restoring(session);
    default:
      return change(request, session);
  }
}

function change(request: Change, { connection }: Session): number {
  try {
    connection.client.change(request);
    return exitStatus.ok;
  } catch (error) {
    throw failure(request.kind, error, exitStatus.refused, request);
  }
}

async function restoring(session: Session): Promise<number> {
  try {
    return await restore(session, run);
  } catch (error) {
    throw failure('restore', error, exitStatus.refused);
  } finally {
    session.progress?.clear();
  }
}

async function listing(request: Request, print: () => Promise<void> | void): Promise<number> {
  try {
    await print();
    return exitStatus.ok;
  } catch (error) {
    throw failure(request.kind, error, exitStatus.listing);
  }
}

/**
 * Prints timeouts or sync daemons. As in ipvsadm, there is no message if the kernel refuses them.
 */
function silentListing({ output }: Session, text: () => string): number {
  try {
    output.write(text());
    return exitStatus.ok;
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    return exitStatus.listing;
  }
}

/** A netlink failure as an IpvsadmError with ipvsadm's message; returns other errors unchanged. */
export function failure(kind: Request['kind'], error: unknown, status: number, change?: Change): unknown {
  if (!isNetlinkFailure(error)) return error;
  const errno = errnoOf(error);
  // A conversation that broke has no cause in what was asked.
  const refused = error instanceof NetlinkError ? { operation: kind, errno, change } : undefined;
  return new IpvsadmError(kernelSentence(kind, errno), status, refused, error);
}
