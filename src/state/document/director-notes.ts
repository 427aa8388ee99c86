/** Findings about what a director does with a document, beside those of its values. */
import { AF_INET } from '../../model/address';
import { type Check, needsMark } from '../../model/check';
import { type DirectorService, defaultCheckMarks, type MarkRange } from '../../model/director';
import { answersDirectly } from '../../model/path-settings';
import type { RealServer } from '../../model/real-server';
import type { Finding } from '../source/finding';
import type { Path } from '../source/tree';
import { isLoopback, parseListenAddress } from './listen-address';
import type { DirectorStateDocument } from './types';

/** Whether marks need not be written. */
export function isUsual(marks: MarkRange = defaultCheckMarks): boolean {
  return marks.first === defaultCheckMarks.first && marks.count === defaultCheckMarks.count;
}

/** Every server that is checked through the forwarding path needs a mark of its own. */
export function reportPaths(
  services: readonly DirectorService[],
  { count }: MarkRange = defaultCheckMarks,
  findings: Finding[],
): void {
  const servers = services.flatMap((service) => service.servers);
  const needing = servers.filter(({ checks }) => checks.some(needsMark)).length;
  if (needing <= count) return;
  const message = `${needing} servers are checked through the forwarding path, but checkMarks has ${count} marks`;
  findings.push({ path: ['services'], message, hint: "a larger 'count'", severity: 'error' });
}

export function reportListening(listen: string | undefined, findings: Finding[]): void {
  const address = listen === undefined ? undefined : parseListenAddress(listen);
  if (!address || isLoopback(address)) return;
  const message = 'whoever reaches this address can read the metrics';
  findings.push({ path: ['director', 'metrics', 'listen'], message, severity: 'note' });
}

/** What a check through the forwarding path needs of this machine. */
export function directPathNotes(check: Check, server: RealServer): Omit<Finding, 'path'>[] {
  // Of IPv6 the kernel takes answers from the VIP.
  if (!needsMark(check) || server.family !== AF_INET || !answersDirectly(server.forwarding)) return [];
  const message =
    "'via: path' needs accept_local=1 and rp_filter=0 on this machine's interface to the real servers";
  return [{ message, severity: 'note' }];
}

/** Notes what is always up, if the document has any checks, and that only the daemon checks. */
export function reportUnchecked(
  document: DirectorStateDocument,
  services: readonly DirectorService[],
  findings: Finding[],
): void {
  const first = firstCheck(document);
  if (!first) return;
  const note = (path: Path, message: string) => findings.push({ path, message, severity: 'note' });
  note(first, 'only director run checks: without it every server is up');
  for (const [index, { servers }] of services.entries()) {
    const unchecked = servers.filter(({ checks }) => checks.length === 0).length;
    if (unchecked === 0) continue;
    const some = `${unchecked} of its servers ${unchecked === 1 ? 'is' : 'are'}`;
    const which = unchecked === servers.length ? 'its servers are' : some;
    note(['services', index], `no check: ${which} always up`);
  }
}

/** The place of the first check. */
function firstCheck({ checks, services = [] }: DirectorStateDocument): Path | undefined {
  if (checks) return ['checks'];
  for (const [index, { check, servers = [] }] of services.entries()) {
    if (check !== undefined) return ['services', index, 'check'];
    const server = servers.findIndex((one) => one.check !== undefined);
    if (server >= 0) return ['services', index, 'servers', server, 'check'];
  }
  return undefined;
}
