import { main } from '../../src/program/classic';
import { FakeKernel } from './fake-kernel';
import { type Outcome, runIn, type TestWorld } from './test-system';

/** A fake kernel, and command lines for it: `run('-A -t 192.0.2.10:80')`. */
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
