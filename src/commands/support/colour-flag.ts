import * as Flags from '@oclif/core/flags';
import type { InteractiveSystem } from '../../platform/interactive-system';

/** --color, of commands that colour what they print. */
export const colourFlag = Flags.string({
  options: ['auto', 'always', 'never'],
  default: 'auto',
  description: 'colours: auto is on a terminal, unless NO_COLOR is set (https://no-color.org)',
});

/** Whether what goes to standard output is coloured. */
export function wantsColour(flag: string, system: InteractiveSystem): boolean {
  if (flag !== 'auto') return flag === 'always';
  return (
    system.stdoutIsTerminal() && !system.environment('NO_COLOR') && system.environment('TERM') !== 'dumb'
  );
}
