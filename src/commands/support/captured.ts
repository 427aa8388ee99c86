/** Output that is kept in memory in place of being written. */
import { visibly } from '../../bytes/visible';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { Output } from '../../platform/output';

export interface Captured {
  readonly output: Output;
  /** What `output` has flushed so far. */
  readonly blocks: readonly Uint8Array[];
}

/** Standard error is written as usual. */
export function capturedOutput(system: InteractiveSystem): Captured {
  const blocks: Uint8Array[] = [];
  const write: InteractiveSystem['write'] = (stream, bytes) => {
    if (stream === 'stderr') system.write(stream, bytes);
    else blocks.push(Uint8Array.from(bytes)); // its buffer is used again
  };
  return { output: new Output({ ...system, write }, visibly), blocks };
}
