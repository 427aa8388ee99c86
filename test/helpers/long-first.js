// Runs the longest suites first: without times of an earlier run, as in CI, jest goes by the size of files, and a
// small file with long stories would begin last, while the other worker has nothing to do.
const { default: Sequencer } = require('@jest/test-sequencer');

const long = [
  'test/quickstart/stories.kernel-test.ts',
  'test/kernel/ha/etcd.test.ts',
  'test/kernel/qemu.test.ts',
  'test/kernel/ha/daemon-failover.test.ts',
];

class LongFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = long.findIndex((name) => path.endsWith(name));
      return index < 0 ? long.length : index;
    };
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
}

module.exports = LongFirst;
