/** What a Markdown page says: the paths and links it names, its anchors, its lines of prose. */

const FENCE = /^ {0,3}(```|~~~)/;

/**
 * Folders of the project whose files pages name by path. dist/ is not among them: only a build
 * makes it.
 */
const PATH = /(?<![\w./~-])(?:src|test|docs|bin|scripts|bench|packaging|\.ci|\.github)\/[\w./*-]*/g;

/** The paths from the root of the project that a page names, each once. A path may contain `*`. */
export function pathsIn(page: string): string[] {
  const found = withoutLinkTargets(page).match(PATH) ?? [];
  return unique(found.map((path) => path.replace(/[./]+$/, '')));
}

/** The targets of a page's links within the project, each once, with their `#anchor`. */
export function linksIn(page: string): string[] {
  const prose = linesOutsideCode(page).join('\n');
  const targets = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!);
  return unique(targets.filter((target) => !/^[a-z]+:/.test(target)));
}

/** The anchors of a page's headings, as GitHub forms them. */
export function anchorsIn(page: string): string[] {
  const seen = new Map<string, number>();
  return linesOutsideCode(page).flatMap((line) => {
    const heading = /^#{1,6} +(.*?)(?: +#+)?$/.exec(line)?.[1];
    if (heading === undefined) return [];
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return [before === 0 ? anchor : `${anchor}-${before}`];
  });
}

/**
 * The lines of prose that are longer than `most` characters, as `number: text`. Tables and links
 * alone are exempt.
 */
export function longLinesIn(page: string, most: number): string[] {
  const isExempt = (line: string) => /^\s*(\||(?:[-*] )?!?\[[^\]]*\]\([^)]*\)[.,;]?\s*$)/.test(line);
  return linesOutsideCode(page).flatMap((line, index) =>
    [...line].length > most && !isExempt(line) ? [`${index + 1}: ${line}`] : [],
  );
}

/** The lines of a page, with an empty one for each that belongs to a block of code. */
function linesOutsideCode(page: string): string[] {
  let fence = '';
  return page.split('\n').map((line) => {
    const mark = FENCE.exec(line)?.[1] ?? '';
    if (fence === '') {
      fence = mark;
      return mark === '' ? line : '';
    }
    if (mark === fence) fence = '';
    return '';
  });
}

function withoutLinkTargets(page: string): string {
  return page.replace(/\]\([^()\s]+\)/g, ']');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
