import { packJob, packResult, unpackJob, unpackResult } from './messages';

const bytes = Buffer.from([0, 0x0a, 0xff]);

test('a job arrives as it was sent, on one line', () => {
  const job = { script: bytes, stdin: bytes, hosts: '::1 a\n', env: { A: 'b' }, timeoutSeconds: 5 };
  expect(packJob(job)).not.toContain('\n');
  expect(unpackJob(packJob(job))).toEqual(job);
});

test('a result arrives as it was sent', () => {
  const result = { stdout: bytes, stderr: Buffer.alloc(0), status: 139 };
  expect(unpackResult(packResult(result))).toEqual(result);
});

test('a failure arrives as an error', () => {
  expect(() => unpackResult(packResult(new Error('no kernel')))).toThrow('no kernel');
});

test('an empty result is an error: the lab has ended', () => {
  expect(() => unpackResult('')).toThrow('the lab has ended');
});
