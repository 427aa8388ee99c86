import { bytesFromUnicode } from '../../bytes/unicode';
import {
  newScannedServer,
  newScannedService,
  scanServerRule,
  scanServiceRule,
} from '../../classic/fast-rule';
import { type ParseContext, parseCommandLine } from '../../classic/parse';
import type { Request } from '../../command-line/request';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { addServerChange, addServiceChange } from '../../ipvs/fast-change';
import { NameNeeded, withNames } from '../../platform/names';
import type { PlacedRequest, Reading } from '../document/read';
import type { Problem, Span } from '../source/diagnostics';
import { ProblemList } from '../source/problem-list';
import type { Path } from '../source/tree';
import { MAX_ENTRIES, TOO_MANY_ENTRIES } from '../table/table-state';
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
 * @param withRequests whether the request of each line is kept, which takes as much memory as the
 * state.
 */
export async function readRules(
  text: string,
  context: ParseContext,
  complete: boolean,
  withRequests = !complete,
): Promise<Reading> {
  const list = new ProblemList<Problem>();
  const table = emptyTable(complete);
  const requests: PlacedRequest[] = [];
  for (const [from, end] of linesIn(text)) {
    if (list.full || table.entries > MAX_ENTRIES) break;
    if (end - from > MAX_LINE_LENGTH) {
      const message = `the line is longer than ${MAX_LINE_LENGTH} characters`;
      list.add({ span: { offset: from, length: 1 }, message, severity: 'error' });
      continue;
    }
    const fast = scannedRule(text, from, end);
    const line = fast ? undefined : ruleLine(text.slice(from, end), from);
    if (line && (!line.words[0] || line.words[0].text.startsWith('#'))) continue;
    const request = fast ?? (await requestOf(line!, context, list));
    if (!request) continue;
    const placed = () => line ?? ruleLine(text.slice(from, end), from);
    if (withRequests) {
      requests.push({ request, span: line ? wholeLine(line) : { offset: from, length: end - from } });
    }
    const found = applyRequest(table, request, from);
    if (found) list.add({ ...found, span: wordOfField(placed(), found.field, found.ofServer) });
    if (table.entries > MAX_ENTRIES) {
      list.add({ span: wholeLine(placed()), message: TOO_MANY_ENTRIES, severity: 'error' });
    }
  }
  return {
    state: tableState(table),
    problems: list.problems,
    ...(withRequests ? { requests } : {}),
    places: (paths) => placesIn(table, text, paths),
  };
}

/** The bytes of a line, and what they are scanned into. */
const bytes = new Uint8Array(128);
const server = newScannedServer();
const service = newScannedService();

/** The request of a line in the form in which rules are usually written: classic/fast-rule.ts. */
function scannedRule(text: string, from: number, end: number): Request | undefined {
  const length = end - from;
  if (length >= bytes.length) return undefined;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(from + at);
    if (code >= 0x80) return undefined;
    bytes[at] = code;
  }
  bytes[length] = 0x0a;
  if (scanServerRule(bytes, 0, server) === length + 1) return addServerChange(server);
  return scanServiceRule(bytes, 0, service) === length + 1 ? addServiceChange(service) : undefined;
}

async function requestOf(
  line: RuleLine,
  context: ParseContext,
  problems: ProblemList<Problem>,
): Promise<Request | undefined> {
  const words = line.words.map(({ text }) => bytesFromUnicode(text));
  try {
    return parseCommandLine(words, context);
  } catch (error) {
    if (error instanceof NameNeeded) {
      await error.lookUp();
      return requestOf(line, context, problems);
    }
    if (!(error instanceof IpvsadmError)) throw error;
    const explained = await withNames(() => explainRule(line, context));
    const fallback: Problem = { span: wholeLine(line), message: error.message, severity: 'error' };
    for (const problem of explained.length > 0 ? explained : [fallback]) problems.add(problem);
    return undefined;
  }
}

/** The offsets at which each line begins and ends. */
function* linesIn(text: string): Generator<readonly [from: number, end: number], void> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    yield [at, end];
    at = end + 1;
  }
}

/** The words that set the parts of the state at `paths`. */
function placesIn(table: RuleTable, text: string, paths: readonly Path[]): (Span | undefined)[] {
  const services = [...table.services.values()];
  /** The real servers of the services in question. */
  const servers = new Map<number, readonly { readonly line: number }[]>();
  const lineOf = ([list, index, inner, serverIndex]: Path): number | undefined => {
    if (list === 'timeouts') return table.timeoutsLine;
    if (list === 'daemons') return table.daemons[Number(index)]?.line;
    const entry = services[Number(index)];
    if (!entry || inner !== 'servers' || serverIndex === undefined) return entry?.line;
    const known = servers.get(Number(index)) ?? [...entry.servers.values()];
    servers.set(Number(index), known);
    return known[Number(serverIndex)]?.line;
  };
  return paths.map((path) => {
    const from = lineOf(path);
    if (from === undefined) return undefined;
    const newline = text.indexOf('\n', from);
    const line = ruleLine(text.slice(from, newline < 0 ? text.length : newline), from);
    if (path[0] === 'timeouts') return wholeLine(line);
    const field = path.find((step, at) => at > 1 && typeof step === 'string' && step !== 'servers');
    return wordOfField(line, field, path[2] === 'servers' && path[3] !== undefined);
  });
}
