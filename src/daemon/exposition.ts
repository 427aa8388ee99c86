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
  readonly samples: readonly Sample[];
}

export const contentTypes: Readonly<Record<MetricFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export function exposition(metrics: readonly Metric[], format: MetricFormat): string {
  const end = format === 'openmetrics' ? '# EOF\n' : '';
  return metrics.map((metric) => family(metric, format)).join('') + end;
}

function family({ name, type, help, samples }: Metric, format: MetricFormat): string {
  if (samples.length === 0) return '';
  const metric = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${metric} ${escaped(help)}\n# TYPE ${metric} ${type}\n${lines.join('')}`;
}

function labelText(labels: Sample['labels']): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/["\\\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** One sample for each set of labels, with the sum of their values. */
export function summed(samples: readonly Sample[], names: readonly string[]): Sample[] {
  const sums = new Map<string, { labels: Record<string, string>; value: number | bigint }>();
  for (const { labels, value } of samples) {
    const kept = Object.fromEntries(names.flatMap((name) => (name in labels ? [[name, labels[name]!]] : [])));
    const key = JSON.stringify(kept);
    const sum = sums.get(key);
    if (!sum) sums.set(key, { labels: kept, value });
    else sum.value = typeof value === 'bigint' ? BigInt(sum.value) + value : Number(sum.value) + value;
  }
  return [...sums.values()];
}
