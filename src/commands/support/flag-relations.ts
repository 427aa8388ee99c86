import type { Interfaces } from '@oclif/core';

/**
 * Checks the flags of a command line together: what they declare as `required`, `exactlyOne`,
 * `exclusive` and `dependsOn`. oclif is kept from checking it.
 * @param given the names of the flags on the command line.
 * @returns every problem, in the order in which the flags are declared.
 */
export function relationProblems(flags: Interfaces.FlagInput, given: ReadonlySet<string>): string[] {
  const names = Object.keys(flags);
  const problems = new Set<string>(); // two flags that exclude each other are found twice
  for (const [name, { required, exactlyOne = [], exclusive = [], dependsOn = [] }] of Object.entries(flags)) {
    if (given.has(name)) {
      for (const other of [...exactlyOne, ...(exclusive as string[])]) {
        if (other === name || !given.has(other)) continue;
        const pair = names.filter((one) => one === name || one === other);
        problems.add(`${pair.map(asTyped).join(' and ')} cannot be used together`);
      }
      for (const other of dependsOn as string[]) {
        if (!given.has(other)) problems.add(`${asTyped(name)} requires ${asTyped(other)}`);
      }
    } else if (required) {
      problems.add(`${asTyped(name)} is required`);
    } else if (exactlyOne.length > 0 && !exactlyOne.some((other) => given.has(other))) {
      problems.add(`one of ${exactlyOne.map(asTyped).join(', ')} is required`);
    }
  }
  return [...problems];
}

/** A flag as it is typed. */
export function asTyped(name: string): string {
  return `--${name}`;
}
