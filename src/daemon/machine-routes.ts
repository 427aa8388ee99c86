/**
 * Requests about connections, and about what is wrong with the machine. Both are answered by this
 * program's own subcommands in a process of their own: a table of a million connections keeps no
 * check waiting.
 */
import type { ConnectionList, ConnectionSummary, DoctorReport } from '../web/contract';
import { type ApiAnswer, type ApiContext, problem, type Route, route } from './route';

const filters = ['client', 'service', 'server', 'state', 'protocol'] as const;
/** Rows of a list. */
const MOST_ROWS = 1000;
/** Processes for all who ask. */
const MOST_AT_ONCE = 3;
const TOP = 20;
let running = 0;

/** What answers them. */
export type Runner = Pick<ApiContext, 'runOwn'>;

export const machineRoutes: readonly Route<unknown, Runner>[] = [
  route({
    method: 'GET',
    path: /^\/v1\/connections$/,
    what: [
      '/v1/connections?client=C&service=S&server=R&state=T&summary=K&top=N',
      'connections as `ipvsadm connections` tells them, or how many there are by client, server, service or state',
    ],
    role: 'view',
    answer: (context: Runner, { query }) =>
      query.get('summary') ? summary(context, query) : list(context, query),
  }),
  route({
    method: 'GET',
    path: /^\/v1\/doctor$/,
    what: ['/v1/doctor', 'what is wrong with this machine: takes some seconds'],
    role: 'view',
    async answer(context: Runner) {
      let text = '';
      const ended = await own(context, ['doctor', '--json', '--passive'], (line) => {
        text += line;
      });
      if ('json' in ended) return ended;
      const findings = parse<DoctorReport['findings']>(text);
      if (!findings) return problem('refused', ended.text || `doctor ended with status ${ended.status}`);
      const json: DoctorReport = { at: Date.now(), findings };
      return { json };
    },
  }),
];

/** What `connections --json` prints of each. */
interface Line {
  readonly protocol: string;
  readonly client: { readonly address: string; readonly port: number };
  readonly virtual: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
  readonly state: string;
  readonly expires: number;
}

async function list(context: Runner, query: URLSearchParams): Promise<ApiAnswer> {
  const rows: ConnectionList['rows'][number][] = [];
  let total = 0;
  const ended = await own(context, ['connections', '--json', ...wanted(query)], (line) => {
    total += 1;
    const one = rows.length < MOST_ROWS ? parse<Line>(line) : undefined;
    if (one) rows.push(rowOf(one));
  });
  if ('json' in ended) return ended;
  if (ended.status !== 0) return problem('invalid', ended.text);
  const json: ConnectionList = { total, rows };
  return { json };
}

async function summary(context: Runner, query: URLSearchParams): Promise<ApiAnswer> {
  const by = query.get('summary')!;
  const top = Math.min(Math.max(1, Number(query.get('top') ?? TOP) || TOP), MOST_ROWS);
  const counts: ConnectionSummary['counts'][number][] = [];
  let total = 0;
  const args = ['connections', '--json', `--summary=${by}`, '--top=4294967295', ...wanted(query)];
  const ended = await own(context, args, (line) => {
    const one = parse<Record<string, string> & { readonly connections: number }>(line);
    if (!one) return;
    total += one.connections;
    if (counts.length < top) counts.push({ what: one[by]!, count: one.connections });
  });
  if ('json' in ended) return ended;
  if (ended.status !== 0) return problem('invalid', ended.text);
  const json: ConnectionSummary = { total, counts };
  return { json };
}

/** As --option=VALUE: a value that begins with a hyphen stays a value. */
function wanted(query: URLSearchParams): string[] {
  return filters.flatMap((name) =>
    query
      .getAll(name)
      .filter((value) => value !== '')
      .map((value) => `--${name}=${value}`),
  );
}

function rowOf({ protocol, client, virtual, server, state, expires }: Line): ConnectionList['rows'][number] {
  const text = ({ address, port }: Line['client']) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return {
    protocol,
    client: text(client),
    service: text(virtual),
    server: text(server),
    state,
    expires,
  };
}

async function own(
  context: Runner,
  args: readonly string[],
  line: (line: string) => void,
): Promise<Awaited<ReturnType<ApiContext['runOwn']>> | ReturnType<typeof problem>> {
  if (running >= MOST_AT_ONCE)
    return problem('conflict', `${running} others ask for that just now: try again`);
  running += 1;
  try {
    return await context.runOwn(args, line);
  } finally {
    running -= 1;
  }
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
