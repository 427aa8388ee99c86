import * as Flags from '@oclif/core/flags';
import type { InteractiveSystem } from '../../platform/interactive-system';

/** --color, for commands whose output can be coloured. */
export const colourFlag = Flags.string({
  options: ['auto', 'always', 'never'],
  default: 'auto',
  description: 'colour the output; auto: on a terminal, unless NO_COLOR is set (https://no-color.org)',
});

/** Whether standard output is to be coloured. */
export function useColour(flag: string, system: InteractiveSystem): boolean {
  if (flag !== 'auto') return flag === 'always';
  return (
    system.stdoutIsTerminal() && !system.environment('NO_COLOR') && system.environment('TERM') !== 'dumb'
  );
}
