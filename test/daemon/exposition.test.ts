import { exposition, type Metric, type MetricFormat, Sums } from '../../src/daemon/exposition';

const metrics: Metric[] = [
  {
    name: 'lvs_changes_total',
    type: 'counter',
    help: 'Changes, "sent"\nso far.',
    samples: [
      { labels: { service: 'a"b\\c\nd' }, value: 2n },
      { labels: {}, value: 0.5 },
    ],
  },
  { name: 'lvs_none', type: 'gauge', help: 'None.', samples: [] },
];

const text = (format: MetricFormat) => [...exposition(metrics, format)].join('');

test('Prometheus text names a counter in full', () => {
  expect(text('prometheus')).toBe(
    [
      '# HELP lvs_changes_total Changes, \\"sent\\"\\nso far.',
      '# TYPE lvs_changes_total counter',
      'lvs_changes_total{service="a\\"b\\\\c\\nd"} 2',
      'lvs_changes_total 0.5',
      '',
    ].join('\n'),
  );
});

test('OpenMetrics names the family without _total, and ends', () => {
  expect(text('openmetrics').split('\n')).toEqual([
    '# HELP lvs_changes Changes, \\"sent\\"\\nso far.',
    '# TYPE lvs_changes counter',
    'lvs_changes_total{service="a\\"b\\\\c\\nd"} 2',
    'lvs_changes_total 0.5',
    '# EOF',
    '',
  ]);
});

test('sums what is of the same labels', () => {
  const samples = [
    { labels: { service: 'web', server: 'a' }, value: 2n ** 63n },
    { labels: { service: 'web', server: 'b' }, value: 1n },
    { labels: { service: 'dns', server: 'a' }, value: 3n },
  ];
  expect(new Sums(['service']).of(samples)).toEqual([
    { labels: { service: 'web' }, value: 2n ** 63n + 1n },
    { labels: { service: 'dns' }, value: 3n },
  ]);
});
