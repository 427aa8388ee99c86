/** Whether an answer contains what is expected. */
import { createContext, Script } from 'node:vm';
import type { Pattern } from '../model/check';
import { CheckFailure } from './attempt';
import { codeOf, quoted } from './words';

/**
 * The longest that one search may take, in milliseconds. A regular expression can take years on a
 * text that was made for it, and answers come from others.
 */
const SEARCH_LIMIT = 200;

/** @throws CheckFailure if the regular expression is wrong or takes too long. */
export function matches(pattern: Pattern, text: string): boolean {
  return 'text' in pattern ? text.includes(pattern.text) : search(pattern.regex, pattern.ignoreCase, text);
}

/** The pattern in a message. */
export function patternText(pattern: Pattern): string {
  return 'text' in pattern ? quoted(pattern.text) : `/${pattern.regex}/${pattern.ignoreCase ? 'i' : ''}`;
}

const context = createContext(Object.create(null));
const script = new Script('expression.test(text)');

function search(regex: string, ignoreCase: boolean | undefined, text: string): boolean {
  Object.assign(context, { expression: compiled(regex, ignoreCase), text });
  try {
    return script.runInContext(context, { timeout: SEARCH_LIMIT });
  } catch (error) {
    if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new CheckFailure(`the search for /${regex}/ took more than ${SEARCH_LIMIT}ms`);
  } finally {
    context.text = undefined;
  }
}

function compiled(regex: string, ignoreCase = false): RegExp {
  try {
    return new RegExp(regex, ignoreCase ? 'si' : 's');
  } catch (error) {
    throw new CheckFailure((error as Error).message, true);
  }
}
