/** A time as people say it, with the exact one behind. */
import { usePage } from '../context';

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
