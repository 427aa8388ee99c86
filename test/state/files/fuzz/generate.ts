/** Documents in each of the formats that are read, with the damages of mutations.ts. */
import { json, jsonWords, yaml, yamlWords } from './documents';
import { keepalived, keepalivedWords, ldirectord, ldirectordWords } from './imported';
import { mutated } from './mutations';
import { Random } from './random';
import { rules, ruleWords } from './rules';
import { connections, connectionWords, services, serviceWords } from './tables';

interface Grammar {
  readonly make: (random: Random) => string;
  readonly words: readonly string[];
}

/** `restore` is the rules on standard input, `rules` those in a file. */
const grammars = {
  rules: { make: rules, words: ruleWords },
  restore: { make: rules, words: ruleWords },
  json: { make: json, words: jsonWords },
  yaml: { make: yaml, words: yamlWords },
  keepalived: { make: keepalived, words: keepalivedWords },
  ldirectord: { make: ldirectord, words: ldirectordWords },
  connections: { make: connections, words: connectionWords },
  services: { make: services, words: serviceWords },
} satisfies Record<string, Grammar>;

export type FuzzedFormat = keyof typeof grammars;
export const fuzzedFormats = Object.keys(grammars) as FuzzedFormat[];

/** Returns document `index` of a run, one character per byte: the same on every machine. */
export function documentOf(format: FuzzedFormat, seed: number, index: number): string {
  const random = new Random(seed, fuzzedFormats.indexOf(format), index);
  const { make, words } = grammars[format];
  return mutated(make(random), words, random);
}
