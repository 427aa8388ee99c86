import { bytesFromUnicode } from '../../bytes/unicode';
import { type ParseContext, parseCommandLine } from '../../classic/parse';
import type { Request } from '../../command-line/request';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { withNames } from '../../platform/names';
import type { PlacedRequest, Reading } from '../document/read';
import type { Problem, Span } from '../source/diagnostics';
import type { Path } from '../source/tree';
import { explainRule } from './explain';
import { type RuleLine, ruleLine, wholeLine, wordOfField } from './line';
import { applyRequest, emptyTable, type RuleTable, tableState } from './simulate';

/** No rule is longer: a longer line is not a rule. */
const MAX_LINE_LENGTH = 64 * 1024;

/**
 * The state of a table after the rules (ipvsadm-save lines) were applied to an empty one. Lines
 * that begin with # are comments.
 * @param complete whether the rules are a complete state; otherwise they may edit and delete what
 * they do not add.
 */
export async function readRules(text: string, context: ParseContext, complete: boolean): Promise<Reading> {
  const problems: Problem[] = [];
  const table = emptyTable(complete);
  const requests: PlacedRequest[] = [];
  for (const line of ruleLines(text, problems)) {
    const request = await requestOf(line, context, problems);
    if (!request) continue;
    requests.push({ request, span: wholeLine(line) });
    const found = applyRequest(table, request, line);
    if (found) problems.push({ ...found, span: wordOfField(line, found.field, found.ofServer) });
  }
  return { state: tableState(table), problems, requests, locate: (path) => locate(table, path) };
}

async function requestOf(
  line: RuleLine,
  context: ParseContext,
  problems: Problem[],
): Promise<Request | undefined> {
  const words = line.words.map(({ text }) => bytesFromUnicode(text));
  try {
    return await withNames(() => parseCommandLine(words, context));
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    const explained = await withNames(() => explainRule(line, context));
    const fallback: Problem = { span: wholeLine(line), message: error.message, severity: 'error' };
    problems.push(...(explained.length > 0 ? explained : [fallback]));
    return undefined;
  }
}

/** The lines that are neither empty nor comments. */
function* ruleLines(text: string, problems: Problem[]): Generator<RuleLine, void> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (end - at > MAX_LINE_LENGTH) {
      const message = `the line is longer than ${MAX_LINE_LENGTH} characters`;
      problems.push({ span: { offset: at, length: 1 }, message, severity: 'error' });
    } else {
      const line = ruleLine(text.slice(at, end), at);
      if (line.words[0] && !line.words[0].text.startsWith('#')) yield line;
    }
    at = end + 1;
  }
}

/** The word that sets the part of the state at `path`. */
function locate(table: RuleTable, path: Path): Span | undefined {
  const [list, index, servers, serverIndex] = path;
  const field = path.find((step, at) => at > 1 && typeof step === 'string' && step !== 'servers');
  if (list === 'timeouts') return table.timeoutsLine && wholeLine(table.timeoutsLine);
  if (list === 'daemons') {
    const line = table.daemons[Number(index)]?.line;
    return line && wordOfField(line, field, false);
  }
  const entry = [...table.services.values()][Number(index)];
  if (!entry) return undefined;
  if (servers !== 'servers' || serverIndex === undefined) return wordOfField(entry.line, field, false);
  const server = [...entry.servers.values()][Number(serverIndex)];
  return server && wordOfField(server.line, field, true);
}
