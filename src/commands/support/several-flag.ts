import * as Flags from '@oclif/core/flags';
import { InvalidValueError } from './command-line-error';

/** A flag that can be given several times: what matches one of its values is asked for. */
export function severalFlag<T>(
  helpValue: string,
  description: string,
  parse: (text: string) => T | undefined,
  right: string,
  exclusive: string[] = [],
) {
  return Flags.custom<T>({
    helpValue,
    description: `${description}; repeatable`,
    multiple: true,
    multipleNonGreedy: true,
    exclusive,
    async parse(text) {
      const value = parse(text);
      if (value === undefined) throw new InvalidValueError(right);
      return value;
    },
  })();
}
