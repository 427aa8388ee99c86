/** Medians and ratios of the samples: as data, as tables for docs/benchmarks.md, and as a plot. */
import type { Sample } from './script';
import { baselines, growthKinds, growthOf, type ProgramName } from './workloads';

export interface Row {
  readonly work: string;
  /** Median seconds and peak memory in MB of each program. */
  readonly programs: Partial<Record<ProgramName, { seconds: number; memory: number }>>;
}

/** Returns the medians of one workload's samples. */
export function rowOf(work: string, samples: readonly Sample[]): Row {
  const programs: Row['programs'] = {};
  for (const program of new Set(samples.map((sample) => sample.program))) {
    const own = samples.filter((sample) => sample.program === program);
    const seconds = own.map((sample) => sample.seconds).sort((a, b) => a - b);
    programs[program] = { seconds: seconds[seconds.length >> 1]!, memory: own[0]!.memory };
  }
  return { work, programs };
}

/**
 * Returns a line of the table. Restores show C's time ÷ ours, everything else ours ÷ C's. In the
 * place of C stands keepalived where it reads its own file.
 */
export function tableLine({ work, programs }: Row): string {
  const { node, ours, subcommand } = programs;
  const c = programs.c ?? programs.keepalived;
  const milliseconds = (entry?: { seconds: number }) => (entry ? (1000 * entry.seconds).toFixed(0) : '');
  const ratio = (a?: { seconds: number }, b?: { seconds: number }) =>
    a && b ? (a.seconds / b.seconds).toFixed(2) : '';
  const against = work.startsWith('restore')
    ? `${ratio(c, ours) && `${ratio(c, ours)} x faster`}`
    : ratio(ours, c);
  const memory = `${ours?.memory.toFixed(0) ?? ''} / ${c?.memory.toFixed(0) ?? ''}`;
  return `| ${[work, milliseconds(node), milliseconds(ours), milliseconds(subcommand), milliseconds(c), ratio(ours, node), ratio(subcommand, node), against, memory].join(' | ')} |`;
}

export const tableHead = [
  '| work | `node -e 0` ms | ours ms | subcommand ms | C ms | ours ÷ node | subcommand ÷ node | ours ÷ C | MB, ours / C |',
  '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
].join('\n');

export const beforeHead = [
  '| work | program | before ms | now ms | now ÷ before | MB, now / before |',
  '| --- | --- | --: | --: | --: | --: |',
].join('\n');

/** Returns a line for each program that was measured in both checkouts. */
export function beforeLines({ work, programs }: Row): string {
  return Object.entries(baselines)
    .flatMap(([name, baseline]) => {
      const [now, before] = [programs[name as keyof typeof baselines], programs[baseline]];
      if (!now || !before) return [];
      const times = [before, now].map(({ seconds }) => (1000 * seconds).toFixed(0));
      const memory = `${now.memory.toFixed(1)} / ${before.memory.toFixed(1)}`;
      return `| ${[work, name, ...times, (now.seconds / before.seconds).toFixed(2), memory].join(' | ')} |`;
    })
    .join('\n');
}

export const nativeHead = [
  '| work | native ms | on Node ms | C ms | native ÷ C | native MB |',
  '| --- | --: | --: | --: | --: | --: |',
].join('\n');

/** Returns a line of the native program's table; '' when it was not measured. */
export function nativeLine({ work, programs: { native, ours, c } }: Row): string {
  if (!native) return '';
  const milliseconds = (entry?: { seconds: number }) => (entry ? (1000 * entry.seconds).toFixed(1) : '');
  const [over, under] = work.startsWith('restore') ? [c, native] : [native, c];
  const ratio = over && under ? (over.seconds / under.seconds).toFixed(2) : '';
  const against = ratio && work.startsWith('restore') ? `${ratio} x faster` : ratio;
  return `| ${[work, milliseconds(native), milliseconds(ours), milliseconds(c), against, native.memory.toFixed(1)].join(' | ')} |\n`;
}

export const npmHead = [
  '| work | npm ms | npm ÷ C | without its script ms | ÷ C |',
  '| --- | --: | --: | --: | --: |',
].join('\n');

/** Returns a line of the table of npm's commands; '' when they were not measured. */
export function npmLine({ work, programs: { npm, c, 'npm-launcher': launcher } }: Row): string {
  if (!npm || !launcher || !c) return '';
  const cells = [npm, launcher].flatMap(({ seconds }) => [
    (1000 * seconds).toFixed(1),
    (seconds / c.seconds).toFixed(2),
  ]);
  return `| ${[work, ...cells].join(' | ')} |\n`;
}

/** Plots time against the number of real servers as SVG. Both axes are logarithmic. */
export function plot(rows: readonly Row[]): string {
  const [width, height, margin] = [640, 420, 56];
  const x = (total: number) => margin + ((Math.log10(total) - 3) / 3) * (width - 2 * margin);
  const y = (seconds: number) => height - margin - ((Math.log10(seconds) + 2) / 4) * (height - 2 * margin);
  const colors = { ours: '#1864ab', c: '#c92a2a' } as const;
  const lines = growthKinds.flatMap((kind, index) =>
    (['ours', 'c'] as const).map((program) => {
      const points = growthOf(kind).flatMap(({ total, name }) => {
        const seconds = rows.find(({ work }) => work === name)?.programs[program]?.seconds;
        return seconds ? [{ x: x(total), y: y(seconds) }] : [];
      });
      const path = points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(' ');
      const last = points.at(-1) ?? { x: margin, y: margin };
      return `<polyline fill="none" stroke="${colors[program]}" stroke-width="2"${index ? ' stroke-dasharray="6 4"' : ''} points="${path}"/>
<text x="${(last.x + 6).toFixed(1)}" y="${last.y.toFixed(1)}" fill="${colors[program]}">${program} ${kind}</text>`;
    }),
  );
  const ticksX = [1000, 10_000, 100_000, 1_000_000].map(
    (total) =>
      `<line x1="${x(total)}" x2="${x(total)}" y1="${margin}" y2="${height - margin}" stroke="#ddd"/><text x="${x(total)}" y="${height - margin + 18}" text-anchor="middle">${total.toLocaleString('en')}</text>`,
  );
  const ticksY = [0.01, 0.1, 1, 10, 100].map(
    (seconds) =>
      `<line x1="${margin}" x2="${width - margin}" y1="${y(seconds)}" y2="${y(seconds)}" stroke="#ddd"/><text x="${margin - 6}" y="${y(seconds) + 4}" text-anchor="end">${seconds} s</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<title>Time of restoring and listing against the number of real servers</title>
<rect width="100%" height="100%" fill="white"/>
${[...ticksX, ...ticksY, ...lines].join('\n')}
<text x="${width / 2}" y="${height - 12}" text-anchor="middle">real servers</text>
</svg>
`;
}
