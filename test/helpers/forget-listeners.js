/**
 * oclif listens to errors of standard output when it is loaded: once in a program, but here each test
 * file loads it anew, in a process that runs many, and after ten of them Node warns of a leak.
 */
const before = new Set(process.stdout.listeners('error'));

afterAll(() => {
  for (const listener of process.stdout.listeners('error')) {
    if (!before.has(listener)) process.stdout.off('error', listener);
  }
});
