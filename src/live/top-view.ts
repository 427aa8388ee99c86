/** What somebody wants to see of `top`, and how keys change that. */
import { type TopOrder, topOrders } from './top-rows';

export interface TopView {
  readonly order: TopOrder | undefined;
  readonly filter: string;
  /** The filter is being typed. */
  readonly typing: boolean;
  readonly help: boolean;
  /** The table stays as it is. */
  readonly paused: boolean;
  /** How many rows are above the screen. */
  readonly offset: number;
}

export function firstView(order: TopOrder | undefined, filter: string): TopView {
  return { order, filter, typing: false, help: false, paused: false, offset: 0 };
}

/** What a view may do beside changing: end, or stand back for the shell. */
export type TopWish = 'quit' | 'suspend';

export interface Extent {
  /** Rows that there are, and that the screen has room for. */
  readonly rows: number;
  readonly page: number;
}

const ESC = '\x1b';
/** Keys as a terminal in raw mode sends them: the sequences of special keys, and single characters. */
const KEY = new RegExp(`${ESC}\\[[0-9;]*[A-Za-z~]|${ESC}O[A-Z]|.`, 'gsu');

/** What help says of a key, and what it does. */
interface Binding {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly does: string;
  readonly change: (view: TopView, extent: Extent) => TopView | TopWish;
}

const scrolled = (view: TopView, offset: number, { rows, page }: Extent): TopView => ({
  ...view,
  offset: Math.max(0, Math.min(offset, rows - page)),
});

const orderBindings = Object.entries(topOrders).map(
  ([name, { key }]): Binding => ({
    keys: [key],
    shown: key,
    does: `order by ${name}, the greatest first; once more: as the kernel lists them`,
    change: (view) => ({ ...view, order: view.order === name ? undefined : (name as TopOrder), offset: 0 }),
  }),
);

/** Every key outside of typing. */
export const bindings: readonly Binding[] = [
  { keys: ['q', '\x03'], shown: 'q', does: 'quit', change: () => 'quit' },
  {
    keys: ['?', 'h'],
    shown: '?',
    does: 'this help, and back',
    change: (view) => ({ ...view, help: !view.help }),
  },
  {
    keys: ['/'],
    shown: '/',
    does: 'show only what has a text in its name, key or state; Escape: everything',
    change: (view) => ({ ...view, typing: true, help: false }),
  },
  {
    keys: ['\x1b'],
    shown: 'Escape',
    does: 'everything again',
    change: (view) => ({ ...view, filter: '', help: false, offset: 0 }),
  },
  {
    keys: [' '],
    shown: 'Space',
    does: 'stand still, and go on',
    change: (view) => ({ ...view, paused: !view.paused }),
  },
  ...orderBindings,
  {
    keys: ['\x1b[A', '\x1bOA', 'k'],
    shown: 'Up',
    does: 'a row up',
    change: (view, extent) => scrolled(view, view.offset - 1, extent),
  },
  {
    keys: ['\x1b[B', '\x1bOB', 'j'],
    shown: 'Down',
    does: 'a row down',
    change: (view, extent) => scrolled(view, view.offset + 1, extent),
  },
  {
    keys: ['\x1b[5~'],
    shown: 'Page Up',
    does: 'a page up',
    change: (view, extent) => scrolled(view, view.offset - extent.page, extent),
  },
  {
    keys: ['\x1b[6~'],
    shown: 'Page Down',
    does: 'a page down',
    change: (view, extent) => scrolled(view, view.offset + extent.page, extent),
  },
  {
    keys: ['\x1b[H', '\x1b[1~', '\x1bOH', 'g'],
    shown: 'Home',
    does: 'to the first row',
    change: (view, extent) => scrolled(view, 0, extent),
  },
  {
    keys: ['\x1b[F', '\x1b[4~', '\x1bOF', 'G'],
    shown: 'End',
    does: 'to the last row',
    change: (view, extent) => scrolled(view, extent.rows, extent),
  },
  { keys: ['\x1a'], shown: 'Ctrl-Z', does: 'back to the shell for a while', change: () => 'suspend' },
];

const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

/** Takes in what was pressed, which may be several keys. Stops at the first wish. */
export function pressed(
  view: TopView,
  text: string,
  extent: Extent,
): { readonly view: TopView; readonly wish?: TopWish } {
  let now = view;
  for (const [key] of text.matchAll(KEY)) {
    const next = now.typing ? typed(now, key) : (byKey.get(key)?.change(now, extent) ?? now);
    if (typeof next === 'string') return { view: now, wish: next };
    now = next;
  }
  return { view: now };
}

/** A line of text: Enter keeps it, Escape gives it up. */
function typed(view: TopView, key: string): TopView | TopWish {
  if (key === '\x03') return 'quit';
  if (key === '\r' || key === '\n') return { ...view, typing: false };
  if (key === '\x1b') return { ...view, typing: false, filter: '', offset: 0 };
  if (key === '\x7f' || key === '\b')
    return { ...view, filter: [...view.filter].slice(0, -1).join(''), offset: 0 };
  if (key === '\x15') return { ...view, filter: '', offset: 0 };
  return /^[^\p{Cc}]$/u.test(key) ? { ...view, filter: view.filter + key, offset: 0 } : view;
}
