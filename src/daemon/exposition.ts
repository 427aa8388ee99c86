/** Metrics as text: of Prometheus 0.0.4, and OpenMetrics 1.0. */

export type MetricType = 'counter' | 'gauge';
export type MetricFormat = 'prometheus' | 'openmetrics';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | bigint;
}

/** A family; the name of a counter ends in `_total`. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** May be made while they are told. */
  readonly samples: Iterable<Sample>;
}

export const contentTypes: Readonly<Record<MetricFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The text, piece by piece. */
export function* exposition(metrics: Iterable<Metric>, format: MetricFormat): Generator<string> {
  const texts = new LabelTexts();
  for (const metric of metrics) yield* family(metric, format, texts);
  if (format === 'openmetrics') yield '# EOF\n';
}

function* family(
  { name, type, help, samples }: Metric,
  format: MetricFormat,
  texts: LabelTexts,
): Generator<string> {
  const metric = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  let head = `# HELP ${metric} ${escaped(help)}\n# TYPE ${metric} ${type}\n`;
  for (const { labels, value } of samples) {
    yield `${head}${name}${texts.of(labels)} ${value}\n`;
    head = '';
  }
}

/** Labels as text. A server's are in many families: their text is made once. */
class LabelTexts {
  readonly #known = new WeakMap<Sample['labels'], string>();

  of(labels: Sample['labels']): string {
    const known = this.#known.get(labels);
    if (known !== undefined) return known;
    const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
    const text = texts.length === 0 ? '' : `{${texts.join(',')}}`;
    this.#known.set(labels, text);
    return text;
  }
}

function escaped(text: string): string {
  return text.replace(/["\\\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** Sums samples that are equal in some labels. */
export class Sums {
  /** What is left of labels: those of a server are in many families. */
  readonly #kept = new WeakMap<
    Sample['labels'],
    { readonly key: string; readonly labels: Sample['labels'] }
  >();

  /** @param names the labels that are kept. */
  constructor(readonly names: readonly string[]) {}

  /** One sample for each set of labels, with the sum of their values. */
  of(samples: Iterable<Sample>): Sample[] {
    const sums = new Map<string, { labels: Sample['labels']; value: number | bigint }>();
    for (const { labels, value } of samples) {
      const { key, labels: kept } = this.#keep(labels);
      const sum = sums.get(key);
      if (!sum) sums.set(key, { labels: kept, value });
      else sum.value = typeof value === 'bigint' ? BigInt(sum.value) + value : Number(sum.value) + value;
    }
    return [...sums.values()];
  }

  #keep(labels: Sample['labels']) {
    const known = this.#kept.get(labels);
    if (known) return known;
    const own = this.names.flatMap((name) => (name in labels ? [[name, labels[name]!]] : []));
    const kept = { key: JSON.stringify(own), labels: Object.fromEntries(own) as Sample['labels'] };
    this.#kept.set(labels, kept);
    return kept;
  }
}
