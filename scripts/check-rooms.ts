/**
 * Checks that imports in src/ go downwards. The table "The rooms of src/" in docs/architecture.md
 * gives every room its floor; a file may import from its own room and from rooms on lower floors.
 * Folders of one room may import each other in one direction only. Part of `npm run lint`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(__dirname, '..');

export interface Room {
  /** Its path below src/, without a slash at the end. */
  readonly name: string;
  readonly floor: number;
}

/** One file importing another; paths from src/, without the suffix. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The rooms of a Markdown table with rows `| floor | `room/`, `room/` | … |`. */
export function readRooms(markdown: string): Room[] {
  return [...markdown.matchAll(/^\| *(\d+) *\|([^|]*)\|/gm)].flatMap(([, floor, cell]) =>
    [...cell!.matchAll(/`([^`]+)\/`/g)].map(([, name]) => ({ name: name!, floor: Number(floor) })),
  );
}

/** Returns a message for each import that does not go downwards, and for each circle of folders. */
export function problemsOf(imports: readonly Import[], rooms: readonly Room[]): string[] {
  const problems = new Set<string>();
  for (const { from, to } of imports) {
    const [inner, outer] = [roomOf(from, rooms), roomOf(to, rooms)];
    for (const [file, room] of [[from, inner] as const, [to, outer] as const]) {
      if (!room) problems.add(`src/${file}.ts is in no room of docs/architecture.md`);
    }
    if (!inner || !outer || inner === outer || outer.floor < inner.floor) continue;
    const direction = outer.floor === inner.floor ? 'on the same floor as' : 'above';
    problems.add(
      `src/${from}.ts imports src/${to}.ts, but ${describe(outer)} is ${direction} ${describe(inner)}`,
    );
  }
  return [...problems, ...circles(imports)];
}

function describe({ name, floor }: Room): string {
  return `the room ${name}/ (floor ${floor})`;
}

/** Returns the innermost room that contains a file. */
function roomOf(file: string, rooms: readonly Room[]): Room | undefined {
  return rooms
    .filter(({ name }) => file.startsWith(`${name}/`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** Folders that import each other, directly or through others. */
function circles(imports: readonly Import[]): string[] {
  const folders = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [inner, outer] = [dirname(from), dirname(to)];
    if (inner !== outer) folders.set(inner, (folders.get(inner) ?? new Set()).add(outer));
  }
  const pairs = [...folders].flatMap(([folder, direct]) =>
    [...direct]
      .filter((other) => reaches(other, folder, folders))
      .map((other) => [folder, other].sort().map((name) => `src/${name}/`)),
  );
  return [...new Set(pairs.map((pair) => `${pair.join(' and ')} import each other in a circle`))];
}

function reaches(from: string, to: string, folders: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folder === to) return true;
    if (seen.has(folder)) continue;
    seen.add(folder);
    open.push(...(folders.get(folder) ?? []));
  }
  return false;
}

/** Returns all imports between files of src/, including types and lazy imports. */
export function readImports(source: string): Import[] {
  const files = new Set(
    readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.replace(/\.ts$/, '')),
  );
  return [...files].flatMap((from) => {
    const text = readFileSync(join(source, `${from}.ts`), 'utf8');
    return [...text.matchAll(/(?:\bfrom |\bimport\(|\brequire\(|\bimport )'(\.[^']*)'/g)].flatMap(
      ([, path]) => {
        const target = normalize(join(dirname(from), path!));
        const to = [target, `${target}/index`].find((file) => files.has(file));
        return to === undefined ? [] : [{ from, to }];
      },
    );
  });
}

if (require.main === module) {
  const rooms = readRooms(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));
  const problems = problemsOf(readImports(join(root, 'src')), rooms);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
