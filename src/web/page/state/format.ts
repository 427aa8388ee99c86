/** Numbers and times as the page shows them. */
const STEPS = ['', 'k', 'M', 'G', 'T', 'P'];

/** Three digits and a power of a thousand: `0`, `7.25`, `12.3k`, `1.21M`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  let power = size < 1 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), STEPS.length - 1);
  // 999.6 has four digits when it is rounded.
  if (size / 1000 ** power >= 999.5 && power < STEPS.length - 1) power += 1;
  const scaled = value / 1000 ** power;
  return `${digits(scaled, power)}${STEPS[power]}`;
}

function digits(value: number, power: number): string {
  const size = Math.abs(value);
  if (size >= 99.95 || (power === 0 && Number.isInteger(value))) return String(Math.round(value));
  return String(Number(value.toFixed(size >= 9.995 ? 1 : 2)));
}

/** Bytes a second: `0 B/s`, `12.3 kB/s`. */
export function byteRate(value: number): string {
  const text = short(value);
  const unit = /[a-zA-Z]$/.exec(text)?.[0] ?? '';
  return `${unit === '' ? text : text.slice(0, -1)} ${unit}B/s`;
}

/** A part from 0 to 1 in percent: `33.3 %`; null: `–`. */
export function percent(part: number | null): string {
  if (part === null || !Number.isFinite(part)) return '–';
  const value = part * 100;
  return `${value === 0 || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} %`;
}

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** Two units at most: `2 d 3 h`, `45 s`, `120 ms`. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  if (whole < 1000) return `${whole} ms`;
  const first = units.findIndex(([size]) => whole >= size);
  const [size, name] = units[first]!;
  const rest = units[first + 1];
  const more = rest ? Math.floor((whole % size) / rest[0]) : 0;
  return `${Math.floor(whole / size)} ${name}${more > 0 ? ` ${more} ${rest![1]}` : ''}`;
}

/** The same in whole seconds: `0 s`. */
export function seconds(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds / 1000)) * 1000;
  return whole === 0 ? '0 s' : duration(whole);
}

/** `90s`, `10m`, `2h30m`, `1d` in milliseconds; undefined: it is none. */
export function readDuration(text: string): number | undefined {
  const sizes: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([smhd])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * sizes[unit!]!, 0);
}

/** One character per byte, as checks have it, as text: UTF-8 where it is that. */
export function textOfBytes(bytes: string): string {
  try {
    return decodeURIComponent(bytes.replace(/[%\u0080-\u00ff]/g, escaped));
  } catch {
    return bytes;
  }
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
