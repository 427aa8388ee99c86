/**
 * The daemon of `director run` with the fake kernel of the tests in its process, for machines whose
 * kernel has no ip_vs: everything but netlink's system calls is real.
 */
import { runDaemon } from '../../src/daemon/run';
import { directorSystem } from '../../src/engines/node/run-director';
import { keptAttributes } from '../../src/testing/messages';
import { FakeKernel } from '../../test/helpers/fake-kernel';

const [, file = '', folder = ''] = process.argv.slice(2);
const kernel = new FakeKernel();
kernel.dumped = keptAttributes;
kernel.changed = () => {
  kernel.requests.length = 0;
};
const system = directorSystem();
const run = {
  file,
  socket: `${folder}/director.sock`,
  runDirectory: `${folder}/run`,
  stateDirectory: `${folder}/state`,
  takeOver: false,
};
const transport = () => {
  const { send, ...rest } = kernel.open();
  const plain = (datagram: Uint8Array) => {
    kernel.requests.length = 0;
    send(datagram);
  };
  return { ...rest, send: plain };
};

void runDaemon({ ...system, openTransport: transport }, run).then((status) => process.exit(status));
