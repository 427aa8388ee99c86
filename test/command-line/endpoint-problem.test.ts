import { endpointProblem } from '../../src/command-line/endpoint-problem';
import { testNames } from '../helpers/test-names';

test.each([
  ['192.0.2.1 :80', true],
  ['192.0.2.1\t:80', true],
  ['voil\u00c3\u00a0:80', false],
])('%j has a space: %j', (text, space) => {
  const problem = endpointProblem(text, 6, testNames) ?? '';
  expect(/^has a space/.test(problem)).toBe(space);
});
