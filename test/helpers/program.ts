import { main } from '../../src/program/classic';
import { FakeKernel } from './fake-kernel';
import { type Outcome, runIn, type TestWorld } from './test-system';

/**
 * Returns a fake kernel and a function that runs command lines on it: `run('-A -t 192.0.2.10:80')`.
 */
export function program(): {
  kernel: FakeKernel;
  run(line: string, world?: Partial<TestWorld>): Promise<Outcome>;
} {
  const kernel = new FakeKernel();
  return {
    kernel,
    run: (line, world = {}) =>
      runIn({ args: line === '' ? [] : line.split(' '), openTransport: () => kernel.open(), ...world }, main),
  };
}
