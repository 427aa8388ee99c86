/**
 * The guide quotes the stories. A comment before a block of code names a story and steps of it:
 *
 *     <!-- story nat: up list -->
 *
 * and one before a table names a story; each row then begins with the name of a step and ends with the
 * last line of its output:
 *
 *     <!-- shares schedulers -->
 */
import { stepsOf } from './expectations';
import { formatStep, type SectionResult, type StepResult } from './story';

export interface Quote {
  story: string;
  ids: readonly string[];
  kind: 'block' | 'table';
  /** The lines of the page that hold what is quoted: from `start` up to, not including, `end`. */
  start: number;
  end: number;
}

const MARK = /^<!-- (story|shares) ([\w-]+)(?:: ([\w -]+))? -->$/;
const ROW = /^\| `([\w-]+)` +\|(?:.*\|)? [^|]+ \|$/;

/** The quotations of a page, in its order. @throws Error for a mark without a block or table. */
export function quotesIn(page: string): Quote[] {
  const lines = page.split('\n');
  return lines.flatMap((line, index) => {
    const [, what, story = '', ids = ''] = MARK.exec(line) ?? [];
    if (what === undefined) return [];
    return [what === 'story' ? blockAt(lines, index, story, ids.split(' ')) : tableAt(lines, index, story)];
  });
}

function blockAt(lines: readonly string[], mark: number, story: string, ids: readonly string[]): Quote {
  const start = mark + 3;
  const end = lines.indexOf('```', start);
  if (lines[mark + 1] !== '' || lines[mark + 2] !== '```' || end === -1) {
    throw new Error(`line ${mark + 1}: no block of code follows the mark`);
  }
  return { story, ids, kind: 'block', start, end };
}

function tableAt(lines: readonly string[], mark: number, story: string): Quote {
  const start = mark + 4;
  let end = start;
  while (lines[end]?.startsWith('|')) end += 1;
  const ids = lines.slice(start, end).map((line) => ROW.exec(line)?.[1] ?? line);
  if (lines[mark + 1] !== '' || ids.length === 0)
    throw new Error(`line ${mark + 1}: no table follows the mark`);
  return { story, ids, kind: 'table', start, end };
}

/** The lines that a quotation should have after a run of its story. @throws Error for an unknown step. */
export function quoted(
  { kind, ids, start, end }: Quote,
  page: string,
  run: readonly SectionResult[],
): string[] {
  const steps = stepsOf(run);
  if (kind === 'block') {
    const text = ids.flatMap((id) => shown(id, steps).map(formatStep)).join('');
    return withoutNotes(text).split('\n').slice(0, -1);
  }
  const rows = page.split('\n').slice(start, end);
  return rows.map((row, index) => {
    const last = shown(ids[index]!, steps).at(-1)!.output.trim().split('\n').at(-1)!;
    return row.replace(/[^|]+\|$/, ` ${last} |`);
  });
}

/** The step of a name; of packets that were watched, everything from the start of the watch. */
function shown(id: string, steps: readonly StepResult[]): readonly StepResult[] {
  const at = steps.findIndex((step) => step.id === id);
  if (at === -1) throw new Error(`no step '${id}' was played`);
  const from = steps.findIndex((step) => step.id === `${id}-start`);
  return steps.slice(from === -1 ? at : from, at + 1);
}

/** Notes say what is missing on the machine that plays, such as the native program. */
function withoutNotes(text: string): string {
  return text.replace(/^ipvsadm: note: .*\n/gm, '');
}

/** The differences between a page and a run of a story; what changes from run to run does not count. */
export function differences(page: string, story: string, run: readonly SectionResult[]): string[] {
  const lines = page.split('\n');
  return quotesIn(page)
    .filter((quote) => quote.story === story)
    .flatMap((quote) => {
      const has = comparable(lines.slice(quote.start, quote.end));
      const wants = comparable(quoted(quote, page, run));
      return has === wants ? [] : [`line ${quote.start + 1}:\n${has}\nshould be\n${wants}`];
    });
}

/** Lines without what is another in every run. A count of connections that goes on for some lines is one. */
function comparable(lines: readonly string[]): string {
  const some = lines.map(withoutChance);
  return some.filter((line, index) => line !== some[index - 1] || !/ active, /.test(line)).join('\n');
}

/** Replaces what is another in every run or kernel: tokens, clients' ports, times, sizes, the state of templates. */
export function withoutChance(line: string): string {
  return line
    .replace(/\bipvsadm_[\w-]{43}/g, 'TOKEN')
    .replace(/(?<![\d.])\d+\.\d ms/g, 'TIME')
    .replace(/\b\d{4}(-\d\d){2} \d\d(:\d\d){2}\b/g, 'TIME')
    .replace(/\b\d+(ms|sec|[smhd]\b)/g, 'TIME')
    .replace(/\b\d+\.\d s\b/g, 'TIME')
    .replace(/\b[1-9]\d* (requests|lost|late|of 20|active|inactive)\b/g, 'N $1')
    .replace(/ \(\d+ (refused|unanswered|reset).*?\)/, '')
    .replace(/; N late/, '')
    .replace(/\b[3-6]\d{4}\b/g, 'PORT')
    .replace(/size=\d+/, 'size=N')
    .replace(/\b\d\d:\d\d +(ASSURED|NONE|FIN_WAIT|ESTABLISHED)/, 'TIME STATE')
    .replace(/ +/g, ' ')
    .trimEnd();
}

/** The page with the quotations of a story as in a run. */
export function filled(page: string, story: string, run: readonly SectionResult[]): string {
  const lines = page.split('\n');
  for (const quote of quotesIn(page).toReversed()) {
    if (quote.story !== story) continue;
    lines.splice(quote.start, quote.end - quote.start, ...quoted(quote, page, run));
  }
  return lines.join('\n');
}
