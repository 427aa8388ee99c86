import { terminalProgress } from '../../src/platform/progress';

/** A terminal and its clock. */
function terminal({ fails = false, isTerminal = true } = {}) {
  const state = { now: 0, written: '' };
  const system = {
    stderrIsTerminal: () => isTerminal,
    write(_stream: string, bytes: Uint8Array) {
      if (fails) throw new Error('not writable');
      state.written += Buffer.from(bytes).toString('latin1');
    },
  };
  return { state, system, now: () => state.now };
}

test('the first line comes after a second, then at most ten a second; nothing is erased when nothing was shown', () => {
  const { state, system, now } = terminal();
  state.now = 5000;
  const progress = terminalProgress(system, now)!;
  const showAt = (moment: number) => {
    state.now = moment;
    progress.show((elapsed) => `after ${elapsed} ms`);
  };
  showAt(5000);
  showAt(5999);
  progress.clear();
  expect(state.written).toBe('');
  showAt(6000);
  showAt(6099);
  expect(state.written).toBe('\rafter 1000 ms\r');
  showAt(6100);
  expect(state.written).toBe('\rafter 1000 ms\r\rafter 1100 ms\r');
});

test('a line replaces a longer one completely, and clear erases it once', () => {
  const { state, system, now } = terminal();
  const progress = terminalProgress(system, now, { delay: 0, interval: 0 })!;
  progress.show(() => 'four');
  progress.show(() => 'two');
  progress.clear();
  progress.clear();
  expect(state.written).toBe('\rfour\r\rtwo \r\r   \r');
});

test('the text of a line that is not shown is not built', () => {
  const { system, now } = terminal();
  terminalProgress(system, now)!.show(() => {
    throw new Error('built');
  });
});

test('without a terminal there is no progress, and a terminal that is gone does not stop the work', () => {
  const { system, now } = terminal({ isTerminal: false });
  expect(terminalProgress(system, now)).toBeUndefined();
  const gone = terminal({ fails: true });
  const progress = terminalProgress(gone.system, gone.now, { delay: 0, interval: 0 })!;
  progress.show(() => 'text');
  progress.clear();
});
