/** How what the daemon tells is shown. */
import { visibleUnicodeWord } from '../../bytes/visible';
import type { DirectorEvent, DirectorStatus, ServerHealth, TimedResult } from '../../director/types';
import type { CheckStep } from '../../model/check';
import { formatDuration } from '../../state/document/check-kinds';

/** Rows as columns with two spaces in between; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(visibleUnicodeWord));
  const widths = shown[0]!.map((_, index) =>
    shown.reduce((most, row) => Math.max(most, row[index]!.length), 0),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('  ');
  return shown.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** Local time, to the second. */
export function timeText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function eventLine({ at, kind, text }: DirectorEvent): string {
  return `${timeText(at)} ${kind.padEnd(13)} ${visibleUnicodeWord(text)}\n`;
}

/** A table of servers. */
export function healthTable(health: readonly ServerHealth[]): string {
  const rows = health.map((one) => [
    `${one.service}/${one.server}`,
    one.state,
    adminText(one),
    String(one.weight),
    timeText(one.since),
    resultText(one.results[0]),
  ]);
  return columns([['SERVER', 'STATE', 'ADMIN', 'WEIGHT', 'SINCE', 'LAST CHECK'], ...rows]);
}

function adminText({ admin, override }: ServerHealth): string {
  if (!override) return admin;
  return override.weight === undefined ? `${admin} by ${override.author}` : `weight by ${override.author}`;
}

function resultText(result: TimedResult | undefined): string {
  if (!result) return 'none';
  return `${result.check}: ${result.message} (${Math.round(result.duration)}ms)`;
}

/** All of a server. */
export function healthText(one: ServerHealth): string {
  const { override, holdDown, nextCheck, certificateEnds } = one;
  const facts: [string, string | undefined][] = [
    ['state', `${one.state} since ${timeText(one.since)}`],
    ['admin', one.admin],
    ['override', override && overrideText(override)],
    ['weight', String(one.weight)],
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
  return `${what} by ${author} since ${timeText(since)}${end}${reason === undefined ? '' : `: ${reason}`}`;
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
  const {
    generation,
    uptime,
    blind,
    changesSent,
    changesRefused,
    lag,
    lateResults,
    contested,
    others,
    alarms,
  } = status;
  const { wanted, applied } = generation;
  const which = wanted === applied ? `generation ${applied}` : `generation ${wanted}, ${applied} applied`;
  const up = formatDuration(Math.round(uptime / 1000) * 1000);
  const lines = [
    `daemon  ${which}, up ${up}, ${changesSent} changes sent, ${changesRefused} refused, lag ${Math.round(lag)}ms`,
    ...(lateResults > 0
      ? [`late    ${lateResults} failures came while the daemon itself was late: they do not count`]
      : []),
    ...(blind ? ['blind   everything fails at once: states are frozen'] : []),
    ...contested.map(
      (name) => `contested service ${name}: others fight for it; 'director adopt' takes it back`,
    ),
    ...others.map((name) => `others' service ${name}: not of the file, and left alone`),
    ...alarms.map((text) => `alarm   ${text}`),
  ];
  return lines.map((line) => `${visibleUnicodeWord(line)}\n`).join('');
}
