/**
 * Parses the command line of a subcommand: oclif splits it into flags and arguments, this file
 * checks them.
 */
import type { Interfaces } from '@oclif/core';
import { CLIError } from '@oclif/core/errors';
import { nearest } from '../../state/source/suggest';
import { CommandLineError, InvalidValueError } from './command-line-error';
import { asTyped, relationProblems } from './flag-relations';

type Flag = Interfaces.FlagInput[string];
type Argument = Interfaces.ArgInput[string];
type Output = Interfaces.ParserOutput;

/** oclif's parser. */
type Split = (declared: Declared, argv: string[]) => Promise<Output>;

/** Checks the value of a flag, given those of all flags. @returns what is wrong with it. */
export type CheckValue = (
  flag: Flag,
  text: string,
  given: Readonly<Record<string, readonly string[] | boolean>>,
) => Promise<string | undefined>;

/** What a command class declares. */
export interface Declared {
  readonly flags: Interfaces.FlagInput;
  readonly args: Interfaces.ArgInput;
  /** Whether more arguments than those declared are an error. */
  readonly strict: boolean;
}

/**
 * Parses and checks `argv`.
 * @throws CommandLineError with every problem of the command line.
 */
export async function parseCommandLine(
  { flags, args, strict }: Declared,
  argv: readonly string[],
  split: Split,
  check: CheckValue = async () => undefined,
): Promise<Output> {
  const unchecked = {
    flags: mapped(flags, uncheckedFlag),
    args: mapped(args, uncheckedArgument),
    strict: false,
  };
  const output = await splitLeniently(unchecked, argv, split);
  if (!output) {
    throw new CommandLineError([`${await optionWithoutValue(unchecked, argv, split)} requires a value`]);
  }
  const given = new Set(
    Object.keys(output.flags).filter((name) => !output.metadata.flags[name]?.setFromDefault),
  );
  // --no-pretty takes nothing from --json.
  const affirmed = new Set([...given].filter((name) => output.flags[name] !== false));
  const values = await parsedValues(flags, output, given, typedIn(argv, flags), check);
  const problems = [
    ...output.nonExistentFlags.map((text) => unknownOption(text, flags)),
    ...(strict ? unexpectedArguments(output) : []),
    ...(await argumentProblems(args, output)),
    ...values.problems,
    ...relationProblems(flags, affirmed),
  ];
  if (problems.length > 0) throw new CommandLineError(problems);
  return { ...output, flags: { ...output.flags, ...values.flags } };
}

/** How a flag was typed: by its name, or by a former one that is still accepted. */
function typedIn(argv: readonly string[], flags: Interfaces.FlagInput): (name: string) => string {
  const words = new Set(argv.map((word) => word.replace(/=.*/s, '')));
  return (name) =>
    [name, ...(flags[name]?.aliases ?? [])].map(asTyped).find((as) => words.has(as)) ?? asTyped(name);
}

function mapped<T>(table: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}

/**
 * A flag of which oclif checks nothing. When it takes values, oclif collects them as a list of
 * texts.
 */
function uncheckedFlag(flag: Flag): Flag {
  const free = {
    ...flag,
    required: false,
    exactlyOne: undefined,
    exclusive: undefined,
    dependsOn: undefined,
  };
  const lists = { multiple: true, multipleNonGreedy: true, options: undefined, parse: undefined };
  return (flag.type === 'boolean' ? free : { ...free, ...lists }) as unknown as Flag;
}

function uncheckedArgument(argument: Argument): Argument {
  const parse = async (text: string) => text;
  return { ...argument, required: false, options: undefined, parse } as unknown as Argument;
}

/**
 * The parsed command line, also when it has flags that do not exist.
 * @returns undefined when an option has no value: the one other mistake that oclif still finds.
 */
async function splitLeniently(
  declared: Declared,
  argv: readonly string[],
  split: Split,
): Promise<Output | undefined> {
  try {
    return await split(declared, [...argv]);
  } catch (error) {
    if (!(error instanceof CLIError)) throw error;
    // Of oclif's errors only a CLIParseError, for flags that do not exist, holds the result of
    // parsing.
    return (error as { readonly parse?: { readonly output?: Output } }).parse?.output;
  }
}

/**
 * The option that has no value, as it was typed: oclif's error names it in its message only. With
 * the rest cut off after an argument, and a value put in its place, oclif accepts the command line
 * up to that option, and no more.
 */
async function optionWithoutValue(
  declared: Declared,
  argv: readonly string[],
  split: Split,
): Promise<string | undefined> {
  for (let length = 2; length <= argv.length; length++) {
    const cut = [...argv.slice(0, length), 'value'];
    if (!(await splitLeniently(declared, cut, split))) return argv[length - 2];
  }
  return argv.at(-1);
}

/** An argument after an unknown option may be its value, and is then not reported. */
function unexpectedArguments({ raw, nonExistentFlags }: Output): string[] {
  if (nonExistentFlags.length > 0) return [];
  // At run time an argument that is not declared has no name.
  const unexpected = raw.filter((token) => token.type === 'arg' && (token.arg as unknown) === undefined);
  return unexpected.map(({ input }) => `unexpected argument '${input}'`);
}

/** A mistyped option, with the one that was probably meant. */
function unknownOption(text: string, flags: Interfaces.FlagInput): string {
  const names = [...Object.keys(flags).filter((name) => !flags[name]!.hidden), 'help'].map(asTyped);
  const hint = text.startsWith('--') ? nearest(text.replace(/=.*/s, ''), names) : undefined;
  return `unknown option: ${text}${hint ? `; ${hint}` : ''}`;
}

async function argumentProblems(args: Interfaces.ArgInput, output: Output): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, { required, options, parse }] of Object.entries(args)) {
    const value = output.args[name];
    const placeholder = name.toUpperCase();
    if (value === undefined) {
      if (required)
        problems.push(`missing argument ${placeholder}${options ? `: ${options.join(', ')}` : ''}`);
    } else if (options && !options.includes(value)) {
      problems.push(`'${value}': ${placeholder} must be one of ${options.join(', ')}`);
    } else if (parse) {
      const problem = await problemOf(() => parse(value, undefined as never, undefined as never));
      if (problem !== undefined) problems.push(`${placeholder} ${value}: ${problem}`);
    }
  }
  return problems;
}

/** What is wrong with a value that `parse` refuses. */
async function problemOf(parse: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await parse();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidValueError) return error.message;
    throw error;
  }
}

/**
 * The values of the flags that take one, as their parse functions return them, and what is wrong
 * with them.
 */
async function parsedValues(
  flags: Interfaces.FlagInput,
  output: Output,
  given: ReadonlySet<string>,
  typed: (name: string) => string,
  check: CheckValue,
): Promise<{ flags: Record<string, unknown>; problems: string[] }> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.type === 'boolean' || !given.has(name)) continue;
    const texts = output.flags[name] as readonly string[];
    if (!flag.multiple && texts.length > 1) problems.push(`${typed(name)} can be given only once`);
    const parsed: unknown[] = [];
    for (const text of texts) {
      try {
        const problem = await check(flag, text, output.flags);
        if (problem !== undefined) throw new InvalidValueError(problem);
        parsed.push(await parsedValue(name, flag, text));
      } catch (error) {
        if (!(error instanceof InvalidValueError)) throw error;
        problems.push(`${typed(name)} ${text}: ${error.message}`);
      }
    }
    values[name] = flag.multiple ? parsed : parsed[0];
  }
  return { flags: values, problems };
}

async function parsedValue(
  name: string,
  flag: Extract<Flag, { type: 'option' }>,
  text: string,
): Promise<unknown> {
  if (flag.options && !flag.options.includes(text)) {
    throw new InvalidValueError(`must be one of ${flag.options.join(', ')}`);
  }
  const parse = flag.parse as
    | ((text: string, context: unknown, flag: object) => Promise<unknown>)
    | undefined;
  return parse ? await parse(text, undefined, { ...flag, name }) : text;
}
