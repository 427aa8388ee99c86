/**
 * The native program, with kernel replies altered by the rules in IPVSADM_INJECT
 * (test/helpers/inject.ts).
 */
import { toBytes } from '../../src/bytes/byte-text';
import { startProcess } from '../../src/engines/quickjs/start';
import { quickjsSystem } from '../../src/engines/quickjs/system';
import { injecting } from '../helpers/inject';

const system = quickjsSystem();
startProcess({
  ...system,
  programName: 'ipvsadm',
  openTransport: () => injecting(system.openTransport(), system.environment('IPVSADM_INJECT')!),
  loadModule: () =>
    system.write(
      'stderr',
      toBytes('modprobe: FATAL: Module ip_vs not found in directory /lib/modules/KERNEL\n'),
    ),
});
