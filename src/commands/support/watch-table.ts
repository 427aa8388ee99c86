/** `list --watch`: the table for people, drawn again and again in the same place. */
import { toBytes } from '../../bytes/byte-text';
import { bytesFromUnicode } from '../../bytes/unicode';
import type { ListServices } from '../../command-line/request';
import { exitStatus } from '../../errors/exit-status';
import { Changes } from '../../format/changes';
import { failure } from '../../operations/run';
import type { TableSource } from '../../operations/table-source';
import { interruptions, type Sleep } from '../../platform/interactive-system';
import { OutputError } from '../../platform/system';
import { type Printing, prettyTable, type TableView } from './list-table';

/** The alternate screen, and the former one with its cursor. */
const ENTER = '\x1b[?1049h';
const LEAVE = '\x1b[?1049l';
/** Lines that are too long are cut while a frame is drawn, and wrapped again after it. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

/** The lines of a terminal that does not say how many it has. */
const USUAL_HEIGHT = 24;

/**
 * Shows what is asked for of a table, every `interval` milliseconds, until a signal.
 * @returns the exit status.
 * @throws IpvsadmError if the table cannot be read any more.
 */
export async function watchTable(
  request: ListServices,
  source: TableSource,
  view: TableView,
  interval: number,
  printing: Printing,
): Promise<number> {
  const { system } = printing;
  const changes = new Changes();
  let entered = false;
  const leave = () => {
    if (entered) system.write('stdout', toBytes(LEAVE));
    entered = false;
  };
  const show = async (sleep: Sleep) => {
    for (;;) {
      const lines = await frame(request, source, { ...view, changes }, interval, printing);
      const drawn = drawing(lines, system.stdoutHeight() ?? USUAL_HEIGHT);
      // One write, so that no half of a frame is ever seen.
      system.write('stdout', toBytes(entered ? drawn : ENTER + drawn));
      entered = true;
      const signal = await sleep(interval);
      if (signal) return exitStatus.signalled + interruptions[signal];
    }
  };
  try {
    return await system.interruptible(show, leave, leave);
  } catch (error) {
    throw failure(request.kind, error, exitStatus.listing);
  } finally {
    leaveQuietly(leave);
  }
}

async function frame(
  request: ListServices,
  source: TableSource,
  view: TableView & { readonly changes: Changes },
  interval: number,
  printing: Printing,
): Promise<string[]> {
  view.changes.begin();
  const title = `every ${interval / 1000} s, ${timeOfDay()}, changes in reverse video; Ctrl-C ends\n\n`;
  let text = title;
  for await (const piece of prettyTable(request, source, view, printing)) text += piece;
  const gone = goneNames(view.changes).map((name) => `no longer listed: ${name}\n`);
  if (gone.length > 0) text += bytesFromUnicode(`\n${gone.join('')}`);
  return text.split('\n').slice(0, -1);
}

/** Services, and real servers of services that are still there. */
function goneNames(changes: Changes): string[] {
  const gone = changes.gone();
  const services = new Set(gone.filter((name) => !name.includes('\0')));
  const rows = gone.filter((name) => name.includes('\0') && !services.has(name.split('\0')[0]!));
  return [...services, ...new Set(rows.map((name) => name.split('\0').slice(0, 2).join('  ')))];
}

/** What draws a frame over the former one. */
function drawing(lines: readonly string[], height: number): string {
  const omitted = lines.length - height;
  const shown =
    omitted > 0
      ? [
          ...lines.slice(0, height - 1),
          `${omitted + 1} more lines: --service, --server and --state list less`,
        ]
      : lines;
  return `${NO_WRAP}\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\n')}\x1b[J${WRAP}`;
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}

/** A terminal that has gone cannot be put back. */
function leaveQuietly(leave: () => void): void {
  try {
    leave();
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
  }
}
