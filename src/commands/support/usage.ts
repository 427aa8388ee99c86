/** The usage line of help. oclif's own misprints flags that have several relations. */
import type { Interfaces } from '@oclif/core';

type Flag = Interfaces.FlagInput[string];

/** One of the ways to call a subcommand. */
export interface UsageForm {
  readonly args?: Interfaces.ArgInput;
  readonly flags: Interfaces.FlagInput;
  /** The names of arguments and flags one of which is required. */
  readonly either?: readonly string[];
}

/** The usage lines of a subcommand: one for each of its forms, or one for all of its flags. */
export function usagesOf({ args = {}, flags = {}, baseFlags = {}, strict, forms }: Subcommand): string[] {
  return (forms ?? [{ args, flags }]).map(({ args: own = {}, flags: some, either = [] }) => {
    const rest = <T>(table: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(table).filter(([name]) => !either.includes(name)));
    const ways = either.map((name) => (own[name] ? name.toUpperCase() : textOf(name, some[name]!)));
    const choice = ways.length === 0 ? [] : [`(${ways.join(' | ')})`];
    return [...choice, usageOf({ ...rest(some), ...baseFlags }, rest(own), { strict })].join(' ');
  });
}

interface Subcommand {
  readonly args?: Interfaces.ArgInput;
  readonly flags?: Interfaces.FlagInput;
  readonly baseFlags?: Interfaces.FlagInput;
  readonly strict: boolean;
  readonly forms?: readonly UsageForm[];
}

/** What follows the name of a subcommand: its arguments and flags, grouped by their relations. */
function usageOf(
  flags: Interfaces.FlagInput,
  args: Interfaces.ArgInput,
  { strict }: { readonly strict: boolean },
): string {
  const placeholders = Object.entries(args).map(([name, { required }]) => {
    const placeholder = `${name.toUpperCase()}${strict ? '' : '...'}`;
    return required ? placeholder : `[${placeholder}]`;
  });
  return [...placeholders, ...flagUsages(flags)].join(' ');
}

/** Required flags come first. A flag that depends on another one is shown after that. */
function flagUsages(flags: Interfaces.FlagInput): string[] {
  const independent = Object.keys(flags).filter(
    (name) => !flags[name]!.hidden && !flags[name]!.dependsOn?.length,
  );
  const required: string[] = [];
  const optional: string[] = [];
  for (const group of groupsOf(independent, flags)) {
    const text = group.map((member) => withDependents(member, flags)).join(' | ');
    const { required: single, exactlyOne } = flags[group[0]!]!;
    if (single) required.push(text);
    else if (exactlyOne) required.push(`(${text})`);
    else optional.push(`[${text}]`);
  }
  return [...required, ...optional];
}

/** The flags in groups whose members exclude each other. */
function* groupsOf(names: readonly string[], flags: Interfaces.FlagInput): Generator<readonly string[]> {
  const remaining = new Set(names);
  for (const name of remaining) {
    const group = groupOf(name, [...remaining], flags);
    for (const member of group) remaining.delete(member);
    yield group;
  }
}

/** The flag `name`, and those of `others` that exclude it and each other. */
function groupOf(name: string, others: readonly string[], flags: Interfaces.FlagInput): string[] {
  const group = [name];
  for (const other of others) {
    if (!group.includes(other) && group.every((member) => exclude(member, other, flags))) group.push(other);
  }
  return group;
}

function exclude(one: string, other: string, flags: Interfaces.FlagInput): boolean {
  const excludes = (name: string, excluded: string) =>
    [...(flags[name]!.exactlyOne ?? []), ...(flags[name]!.exclusive ?? [])].includes(excluded);
  return excludes(one, other) || excludes(other, one);
}

function withDependents(name: string, flags: Interfaces.FlagInput): string {
  const dependents = Object.keys(flags).filter((other) => flags[other]!.dependsOn?.includes(name));
  const groups = [...groupsOf(dependents, flags)].map(
    (group) => `[${group.map((member) => withDependents(member, flags)).join(' | ')}]`,
  );
  return [textOf(name, flags[name]!), ...groups].join(' ');
}

function textOf(name: string, flag: Flag): string {
  const long = `--${flag.type === 'boolean' && flag.allowNo ? '[no-]' : ''}${name}`;
  const text = flag.char ? `-${flag.char}` : long;
  if (flag.type === 'boolean') return text;
  const value = flag.helpValue ?? flag.options?.join('|') ?? name.toUpperCase();
  return `${text} ${value}${flag.multiple ? '...' : ''}`;
}
