import type { Expectation, Relation, SectionResult, StepResult } from './story';

/** Returns a message for each expectation of a step that its output does not meet. */
export function unmetExpectations({ place, command, output, shows = [] }: StepResult): string[] {
  return shows
    .filter((expected) => !isMet(expected, output))
    .map((expected) => `${place}: '${command}' ${wording(expected)}:\n${output}`);
}

function isMet(expected: Expectation, output: string): boolean {
  if (typeof expected === 'string') return output.includes(expected);
  return expected instanceof RegExp ? expected.test(output) : !output.includes(expected.lacks);
}

function wording(expected: Expectation): string {
  if (typeof expected === 'string') return `should show '${expected}', but shows`;
  return expected instanceof RegExp
    ? `should show something like ${expected}, but shows`
    : `should not show '${expected.lacks}', but shows`;
}

type Check<Kind extends Relation['kind']> = (
  relation: Extract<Relation, { kind: Kind }>,
  sections: readonly SectionResult[],
) => string | undefined;

/** How each kind of relation is checked: a message if it does not hold. */
const checks: { [Kind in Relation['kind']]: Check<Kind> } = {
  'one server'({ section }, sections) {
    const answers = answersIn(section, sections);
    if (answers.length < 2) return `${section}: no web server answered`;
    if (new Set(answers).size === 1) return undefined;
    return `${section}: a client was sent to different servers: ${answers.join(', ')}`;
  },
  'take turns'({ section }, sections) {
    const answers = answersIn(section, sections);
    const turns = answers.every((answer, index) => answer !== answers[index - 1]);
    if (turns && new Set(answers).size === 2) return undefined;
    return `${section}: the two servers should take turns: ${answers.join(', ')}`;
  },
  'same output'({ steps: [one, other] }, sections) {
    const outputOf = (id: string) => stepsOf(sections).find((step) => step.id === id)?.output;
    if (outputOf(one) !== undefined && outputOf(one) === outputOf(other)) return undefined;
    return `'${one}' and '${other}' should have the same output:\n${outputOf(one)}\n${outputOf(other)}`;
  },
};

/** Returns a message for each relation that does not hold. */
export function brokenRelations(
  relations: readonly Relation[],
  sections: readonly SectionResult[],
): string[] {
  return relations.flatMap((relation) => {
    const check = checks[relation.kind] as (
      relation: Relation,
      sections: readonly SectionResult[],
    ) => string | undefined;
    return check(relation, sections) ?? [];
  });
}

export function stepsOf(sections: readonly SectionResult[]): StepResult[] {
  return sections.flatMap(({ steps }) => steps);
}

/** The replies of the web servers among the outputs of a section. */
function answersIn(title: string, sections: readonly SectionResult[]): string[] {
  const outputs = stepsOf(sections.filter((section) => section.title === title)).map(({ output }) => output);
  return outputs.filter((output) => output.startsWith('this is ')).map((output) => output.trim());
}
