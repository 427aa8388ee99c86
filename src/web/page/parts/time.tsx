/** A time as people say it, with the exact one behind. */
import { usePage } from '../context';
import { duration } from '../state/format';

const DAY = 86_400_000;

export function Time({ at }: { readonly at: number }) {
  const { language } = usePage();
  const date = new Date(at);
  const same = Math.abs(Date.now() - at) < DAY / 2;
  const shown = same
    ? date.toLocaleTimeString(language, { hour12: false })
    : date.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium', hour12: false });
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString(language, { hour12: false })}>
      {shown}
    </time>
  );
}

/** `3 min`: since or until a time. */
export function Span({ from, to }: { readonly from: number; readonly to: number }) {
  return <span>{duration(Math.max(0, Math.round((to - from) / 1000)) * 1000 || 0)}</span>;
}
