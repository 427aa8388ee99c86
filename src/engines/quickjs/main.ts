/** The program on QuickJS: what main.c runs. */
import { exitStatus } from '../../errors';
import { start } from './start';
import { quickjsSystem } from './system';

start(quickjsSystem()).then(
  (status) => native.exit(status),
  (error: Error) => {
    // A mistake of ours.
    const text = `ipvsadm: internal error: ${error}\n${error.stack ?? ''}`;
    native.write(
      2,
      Uint8Array.from(text, (character) => character.charCodeAt(0) & 255),
    );
    native.exit(exitStatus.listing);
  },
);
