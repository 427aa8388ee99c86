/** All directors that share a document, as each says in etcd. */
import { bytesFromUnicode } from '../../bytes/unicode';
import { visibleUnicodeWord } from '../../bytes/visible';
import { exitStatus } from '../../errors/exit-status';
import { usageError } from '../../errors/ipvsadm-error';
import type { DirectorRecord } from '../../ha/etcd/records';
import type { CommandContext } from './base';
import { asksData, type DataFlags, writeValue } from './data';
import { ask, parsed } from './director';
import { columns } from './director-text';

/** @throws IpvsadmError if they are not known. */
export async function allDirectors(
  context: CommandContext,
  socket: string,
): Promise<readonly DirectorRecord[]> {
  const directors = await listOf(context, socket);
  if (directors) return directors;
  const right = "'director: { ha: { engine: etcd } }' in its document lets it know them";
  throw usageError(`ipvsadm: this director does not know the others: ${right}`);
}

async function listOf(context: CommandContext, socket: string) {
  const text = await ask(context, socket, { method: 'GET', path: '/v1/ha/directors' });
  return parsed<readonly DirectorRecord[] | null>(text) ?? undefined;
}

/** The digits of a digest that are shown. */
const DIGITS = 12;

/** A row for each, and what differs. */
export function directorsText(directors: readonly DirectorRecord[]): string {
  if (directors.length === 0) return 'etcd knows no director\n';
  const rows = directors.map(({ name, role, ready, generation, table, refused, problem }) => [
    name,
    role,
    role === 'leader' ? '-' : ready ? 'yes' : 'no',
    generation === 0 ? 'its own' : `${generation}`,
    table?.slice(0, DIGITS) ?? '-',
    refused ?? problem ?? '',
  ]);
  const problems = differences(directors).map((text) => `${visibleUnicodeWord(text)}\n`);
  return `${columns([['DIRECTOR', 'ROLE', 'READY', 'GENERATION', 'TABLE', 'PROBLEM'], ...rows])}${problems.join('')}`;
}

/** What wants attention. */
export function differences(directors: readonly DirectorRecord[]): readonly string[] {
  const leaders = directors.filter(({ role }) => role === 'leader');
  return [
    ...(leaders.length === 0 ? ['no director has the VIPs'] : []),
    ...(distinct(directors, ({ generation }) => generation)
      ? ['the directors have different documents']
      : []),
    ...(distinct(directors, ({ table }) => table) ? ['the directors have different tables'] : []),
  ];
}

function distinct<T>(directors: readonly DirectorRecord[], of: (director: DirectorRecord) => T): boolean {
  return new Set(directors.map(of)).size > 1;
}

/** Writes them. The exit status is 1 if something wants attention. */
export async function showDirectors(
  context: CommandContext,
  flags: DataFlags & { readonly socket: string },
): Promise<void> {
  const directors = await allDirectors(context, flags.socket);
  if (asksData(flags)) writeValue(context, flags, directors);
  else context.output.write(bytesFromUnicode(directorsText(directors)));
  const failing = directors.some(({ refused, problem }) => refused !== undefined || problem !== undefined);
  if (failing || differences(directors).length > 0) context.status = exitStatus.differs;
}

/** How long others have to apply a document, in milliseconds. */
const PATIENCE = 30_000;
const POLL = 200;

/**
 * Waits until all directors have applied a document, and says who has not. The exit status is 1 then.
 * @param before who was there before it was put into etcd.
 */
export async function waitForAll(
  context: CommandContext,
  socket: string,
  generation: number,
  before: readonly DirectorRecord[],
): Promise<void> {
  const { system, output } = context;
  let late: readonly DirectorRecord[] = [];
  let all: readonly DirectorRecord[] = [];
  await system.interruptible(async (sleep) => {
    for (let left = PATIENCE / POLL; left > 0; left -= 1) {
      all = await allDirectors(context, socket);
      late = all.filter((one) => one.generation < generation);
      const waiting = late.some(({ refused }) => refused === undefined);
      if (!waiting || (await sleep(POLL)) !== undefined) return;
    }
  });
  const has = all.filter((one) => !late.includes(one)).map(({ name }) => name);
  output.note(bytesFromUnicode(`ipvsadm: applied by ${has.map(visibleUnicodeWord).join(', ') || 'none'}`));
  for (const { name, generation: former, refused } of late) {
    const why = refused ?? `it has not answered within ${PATIENCE / 1000} s`;
    const text = `ipvsadm: ${name}: generation ${generation} is not applied, ${former} is: ${why}`;
    output.error(bytesFromUnicode(visibleUnicodeWord(text)));
  }
  const gone = before.filter(({ name }) => !all.some((one) => one.name === name));
  for (const { name } of gone) {
    const text = `ipvsadm: ${name}: it is not there any more: it applies what is in etcd when it is back`;
    output.error(bytesFromUnicode(visibleUnicodeWord(text)));
  }
  if (late.length + gone.length > 0) context.status = exitStatus.differs;
}
