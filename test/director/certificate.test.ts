import { Certificates } from '../../src/director/certificate';
import type { Job } from '../../src/director/runner';
import type { TimedResult } from '../../src/director/types';

const DAY = 86_400_000;

test('a certificate is told of once, and again for a check that has been away', () => {
  const told: string[] = [];
  const certificates = new Certificates(
    { tell: (_: string, text: string) => told.push(text) } as never,
    () => 0,
  );
  const job = {
    key: 'a',
    check: { type: 'https', tls: { warnDays: 14 } },
    target: { service: { name: 'web' }, server: { name: 'web01' } },
  } as unknown as Job;
  const result = { certificateEnds: 3 * DAY } as TimedResult;
  for (let time = 0; time < 2; time++) certificates.heard(job, result);
  expect(told).toEqual([expect.stringMatching(/^web\/web01: /)]);
  certificates.keep((key) => key === 'a');
  certificates.heard(job, result);
  expect(told).toHaveLength(1);
  certificates.keep(() => false);
  certificates.heard(job, result);
  expect(told).toHaveLength(2);
});
