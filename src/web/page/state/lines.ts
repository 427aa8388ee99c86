/** What differs between two texts, line by line. */
export interface DiffLine {
  readonly sign: ' ' | '+' | '-' | '…';
  readonly text: string;
}

/** Beyond so many differing lines a difference is not looked for further: all old, then all new. */
const MAX_STEPS = 2000;

/** @param context how many equal lines are shown around what differs. */
export function differingLines(before: string, after: string, context = 3): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = shortest(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const equal = (lines: string[]): DiffLine[] => lines.map((text) => ({ sign: ' ', text }));
  return folded([...equal(a.slice(0, start)), ...middle, ...equal(a.slice(a.length - end))], context);
}

/** Myers' algorithm: the fewest lines taken away and added. */
function shortest(before: readonly string[], after: readonly string[]): DiffLine[] {
  const most = Math.min(before.length + after.length, MAX_STEPS);
  const numbers = new Map<string, number>();
  const [a, b] = [numbered(before, numbers), numbered(after, numbers)];
  // How far one gets on each diagonal; the one in the middle is `middle`.
  const middle = most + 1;
  const furthest = new Int32Array(2 * most + 3).fill(-1);
  furthest[middle + 1] = 0;
  const trace: Int32Array[] = [];
  for (let steps = 0; steps <= most; steps += 1) {
    trace.push(furthest.slice(middle - steps - 1, middle + steps + 2));
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      const [left, right] = [furthest[middle + diagonal - 1]!, furthest[middle + diagonal + 1]!];
      let x = goesDown(diagonal, steps, left, right) ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return walked(before, after, trace);
    }
  }
  const all = (sign: '-' | '+', lines: readonly string[]) => lines.map((text): DiffLine => ({ sign, text }));
  return [...all('-', before), ...all('+', after)];
}

/** Equal lines have equal numbers, which are compared faster. */
function numbered(lines: readonly string[], numbers: Map<string, number>): Int32Array {
  return Int32Array.from(lines, (line) => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  });
}

function goesDown(diagonal: number, steps: number, left: number, right: number): boolean {
  return diagonal === -steps || (diagonal !== steps && left < right);
}

/** The way back from the ends of both. */
function walked(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let steps = trace.length - 1; steps >= 0; steps -= 1) {
    const furthest = trace[steps]!;
    const middle = steps + 1;
    const diagonal = x - y;
    const [left, right] = [furthest[middle + diagonal - 1]!, furthest[middle + diagonal + 1]!];
    const down = goesDown(diagonal, steps, left, right);
    const beforeX = down ? right : left;
    const beforeY = beforeX - (down ? diagonal + 1 : diagonal - 1);
    while (x > beforeX && y > beforeY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      lines.push({ sign: ' ', text: a[x]! });
    }
    if (steps > 0) lines.push(down ? { sign: '+', text: b[y - 1]! } : { sign: '-', text: a[x - 1]! });
    [x, y] = [beforeX, beforeY];
  }
  return lines.reverse();
}

/** Leaves out equal lines that are far from what differs. */
function folded(lines: readonly DiffLine[], context: number): DiffLine[] {
  const shown = new Set<number>();
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    for (let near = index - context; near <= index + context; near += 1) shown.add(near);
  });
  const result: DiffLine[] = [];
  let left = 0;
  lines.forEach((line, index) => {
    if (!shown.has(index)) {
      left += 1;
      return;
    }
    if (left > 0 && result.length + left > 0) result.push({ sign: '…', text: '' });
    left = 0;
    result.push(line);
  });
  return result;
}

/** Where a line and column (from 1) are in a text. */
export function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  const end = text.indexOf('\n', offset);
  return Math.min(offset + column - 1, end < 0 ? text.length : end);
}
