/** Hooks that several views share. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get } from './api';
import { problemText, useTexts } from './context';
import { type RowWindow, windowOfRows } from './state/rows';

/** The time, once a second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly problem: string | undefined;
  readonly busy: boolean;
  again(): void;
}

/** Asks for something at once, and again when the path or the version changes. @param path null: nothing. */
export function useLoaded<T>(path: string | null, version: unknown = 0): Loaded<T> {
  const texts = useTexts();
  const [state, setState] = useState<Omit<Loaded<T>, 'again'>>({
    value: undefined,
    problem: undefined,
    busy: path !== null,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    let over = false;
    setState((old) => ({ ...old, busy: true }));
    get<T>(path).then(
      (value) => over || setState({ value, problem: undefined, busy: false }),
      (error) => over || setState((old) => ({ ...old, problem: problemText(error, texts), busy: false })),
    );
    return () => {
      over = true;
    };
  }, [path, version, turn]);
  return { ...state, again: useCallback(() => setTurn((old) => old + 1), []) };
}

export function useMedia(condition: string): boolean {
  const [is, setIs] = useState(() => matchMedia(condition).matches);
  useEffect(() => {
    const media = matchMedia(condition);
    const hear = () => setIs(media.matches);
    hear();
    media.addEventListener('change', hear);
    return () => media.removeEventListener('change', hear);
  }, [condition]);
  return is;
}

/** The rows of a table that are near what the window shows. */
export function useRows(count: number, height: number) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [rows, setRows] = useState<RowWindow>(() => windowOfRows(count, height, 0, innerHeight));
  useLayoutEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const top = -(body.current?.getBoundingClientRect().top ?? 0);
      const next = windowOfRows(count, height, top, innerHeight);
      setRows((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
    };
    const soon = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [count, height]);
  return { body, rows };
}
