/** How what the daemon tells is shown. */
import { visibleUnicodeWord } from '../../bytes/visible';
import {
  BY_HAND,
  type DirectorEvent,
  type DirectorStatus,
  type ServerHealth,
  type TimedResult,
} from '../../director/types';
import type { CheckStep } from '../../model/check';
import { formatDuration } from '../../state/document/check-kinds';

/**
 * Rows as columns with two spaces in between; the last one is not padded.
 * @param width of the terminal: longer texts of the last column go on below it.
 */
export function columns(rows: readonly (readonly string[])[], width?: number): string {
  const shown = rows.map((row) => row.map(visibleUnicodeWord));
  const widths = shown[0]!.map((_, index) =>
    shown.reduce((most, row) => Math.max(most, row[index]!.length), 0),
  );
  return shown
    .map((row) => {
      const first = row.slice(0, -1).map((cell, index) => `${cell.padEnd(widths[index]!)}  `);
      return folded(first.join(''), row.at(-1)!, width);
    })
    .join('');
}

/** Less room than this is not worth a column. */
const LEAST_ROOM = 20;

/** A line, or several if it is longer than the terminal is wide: the text goes on below its beginning. */
function folded(first: string, text: string, width = Number.POSITIVE_INFINITY): string {
  const room = width - first.length;
  if (text.length <= room || room < LEAST_ROOM) return `${`${first}${text}`.trimEnd()}\n`;
  const space = text.lastIndexOf(' ', room);
  const [end, rest] = space > 0 ? [space, space + 1] : [room, room];
  return `${first}${text.slice(0, end)}\n${folded(' '.repeat(first.length), text.slice(rest), width)}`;
}

/** Local time, to the second. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** @param width of the terminal. */
export function eventLine(
  { at, kind, text }: Pick<DirectorEvent, 'at' | 'text'> & { readonly id?: number; readonly kind: string },
  width?: number,
): string {
  return folded(`${timeText(at)} ${kind.padEnd(13)} `, visibleUnicodeWord(text), width);
}

/**
 * A table of servers.
 * @param now the time, for how long their states are.
 * @param width of the terminal.
 */
export function healthTable(health: readonly ServerHealth[], now: number, width?: number): string {
  const rows = health.map((one) => [
    `${one.service}/${one.server}`,
    one.state,
    ageText(now - one.since),
    adminText(one),
    String(one.weight),
    resultText(one.results[0]),
  ]);
  return columns([['SERVER', 'STATE', 'FOR', 'ADMIN', 'WEIGHT', 'LAST CHECK'], ...rows], width);
}

const SECOND = 1000;
/** Up to how many milliseconds a unit is used. */
const ages = [
  ['s', SECOND, 120 * SECOND],
  ['m', 60 * SECOND, 7200 * SECOND],
  ['h', 3600 * SECOND, 48 * 3600 * SECOND],
  ['d', 86_400 * SECOND, Number.POSITIVE_INFINITY],
] as const;

/** A time that has passed, in one unit: 95s, 12m, 30h, 5d. */
function ageText(milliseconds: number): string {
  const age = Math.max(0, milliseconds);
  const [unit, size] = ages.find(([, , most]) => age < most)!;
  return `${Math.floor(age / size)}${unit}`;
}

function adminText({ admin, override }: ServerHealth): string {
  if (!override) return admin;
  return `${override.weight === undefined ? admin : 'weight'} ${byWhom(override.author)}`;
}

function byWhom(author: string): string {
  return author === BY_HAND ? author : `by ${author}`;
}

function resultText(result: TimedResult | undefined): string {
  if (!result) return 'none';
  return `${result.check}: ${result.message} (${Math.round(result.duration)}ms)`;
}

/** All of a server. */
export function healthText(one: ServerHealth): string {
  const { override, holdDown, nextCheck, certificateEnds } = one;
  const facts: [string, string | undefined][] = [
    ['comment', one.comment],
    ['state', `${one.state} since ${timeText(one.since)}`],
    ['admin', one.admin],
    ['override', override && overrideText(override)],
    ['weight', String(one.weight)],
    ['path', one.path],
    ['next check', nextCheck === undefined ? undefined : `in ${formatDuration(Math.round(nextCheck))}`],
    [
      'back',
      holdDown &&
        `in ${formatDuration(Math.round(holdDown.remaining))} of success: fell ${holdDown.falls} times in 10 minutes`,
    ],
    ['certificate', certificateEnds === undefined ? undefined : `ends ${timeText(certificateEnds)}`],
  ];
  const lines = facts.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${`${name}:`.padEnd(12)} ${visibleUnicodeWord(text)}\n`],
  );
  const results = one.results.map((result) => `  ${timeText(result.at)} ${resultLine(result)}`);
  const title = visibleUnicodeWord(`${one.service}/${one.server}`);
  return `${title}\n${lines.join('')}${results.join('')}`;
}

function overrideText(override: NonNullable<ServerHealth['override']>): string {
  const { admin, weight, author, since, until, reason } = override;
  const what = weight === undefined ? admin : `weight ${weight}`;
  const end = until === undefined ? '' : ` until ${timeText(until)}`;
  return `${what} ${byWhom(author)} since ${timeText(since)}${end}${reason === undefined ? '' : `: ${reason}`}`;
}

export function resultLine({ ok, check, stage, duration, message, answer }: TimedResult): string {
  const head = `${ok ? 'ok  ' : 'fail'} ${check} ${stage} ${Math.round(duration)}ms: ${message}`;
  const said = ok || answer === undefined || answer === '' ? '' : ` (answer: ${answer.slice(0, 60)})`;
  return `${visibleUnicodeWord(head + said)}\n`;
}

const marks = { note: '*', sent: '>', received: '<' } as const;

/** A step of a conversation, a line for each of what was sent or received. */
export function stepLines({ at, kind, text }: CheckStep): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines
    .map((line) => `${at.toFixed(0).padStart(6)}ms ${marks[kind]} ${visibleUnicodeWord(line)}\n`)
    .join('');
}

/** What the daemon says of itself. */
export function statusLines(status: DirectorStatus): string {
  const { generation, uptime, blind, changesSent, changesRefused, lag, lateResults } = status;
  // A daemon that has not been restarted since an upgrade does not tell.
  const unsighted = (status as Partial<DirectorStatus>).sight?.problem;
  const { contested, others, alarms } = status;
  const { wanted, applied } = generation;
  const which = wanted === applied ? `generation ${applied}` : `generation ${wanted}, ${applied} applied`;
  const up = formatDuration(Math.round(uptime / 1000) * 1000);
  const lines = [
    `daemon  ${which}, up ${up}, ${changesSent} changes sent, ${changesRefused} refused, lag ${Math.round(lag)}ms`,
    ...(lateResults > 0
      ? [`late    ${lateResults} failures came while the daemon itself was late: they do not count`]
      : []),
    ...(blind ? ['blind   everything fails at once: states are frozen'] : []),
    ...(unsighted === undefined ? [] : [`sight   if everything fails at once, it is believed: ${unsighted}`]),
    ...contested.map(
      (name) => `contested service ${name}: others fight for it; 'director adopt' takes it back`,
    ),
    ...others.map((name) => `others' service ${name}: not of the file, and left alone`),
    ...alarms.map((text) => `alarm   ${text}`),
  ];
  return lines.map((line) => `${visibleUnicodeWord(line)}\n`).join('');
}
