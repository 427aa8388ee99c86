/** A chart of the last hour. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { usePage } from '../context';
import { useMedia } from '../hooks';

export interface Line {
  readonly name: string;
  /** The custom property that has its colour. */
  readonly colour: string;
  /** So that lines differ without colours. */
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
}

const HEIGHT = 160;

export function Chart(props: {
  readonly title: string;
  readonly from: number;
  readonly step: number;
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
}) {
  const { language, texts } = usePage();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const dark = useMedia('(prefers-color-scheme: dark)');
  const data = dataOf(props);

  useLayoutEffect(() => {
    const element = place.current!;
    const made = new uPlot(optionsFor(element, props, language), data, element);
    chart.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [dark, language, props.title]);
  useEffect(() => chart.current?.setData(data), [data]);

  const summary = props.lines.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${name}: –`;
    return texts.chartSummary(
      name,
      props.format(known.at(-1)!),
      props.format(Math.min(...known)),
      props.format(Math.max(...known)),
    );
  });
  return (
    <figure class="chart">
      <figcaption>
        <h2>{props.title}</h2>
        <ul>
          {props.lines.map(({ name, colour, values }) => (
            <li key={name}>
              <i class={colour} aria-hidden="true" /> {name}{' '}
              <b>{props.format(values.findLast((value) => value !== null) ?? 0)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place} role="img" aria-label={`${props.title}. ${summary.join('. ')}`} />
    </figure>
  );
}

function dataOf({ from, step, lines }: { from: number; step: number; lines: readonly Line[] }) {
  const count = Math.max(0, ...lines.map(({ values }) => values.length));
  const times = Array.from({ length: count }, (_, index) => (from + index * step) / 1000);
  return [times, ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
}

function optionsFor(
  element: HTMLElement,
  { lines, format }: { lines: readonly Line[]; format: (value: number) => string },
  language: string,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  };
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, size: 28, space: 60, values: (_, times) => times.map((time) => clock.format(time * 1000)) },
      { ...axis, size: widthOf, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ name, colour: line, dash }) => ({
        label: name,
        stroke: colour(line),
        width: 1.75,
        points: { show: false },
        ...(dash && { dash: [...dash] }),
      })),
    ],
  };
}

/** Of the longest value at the axis, in pixels. */
function widthOf(_: uPlot, values: string[] | null): number {
  return 14 + 7 * Math.max(2, ...(values ?? []).map((value) => value.length));
}
