/** `list --all-netns`: a listing of the current network namespace and of every named one. */
import { toText } from '../../bytes/byte-text';
import { asciiJson, unicodeFromBytes } from '../../bytes/unicode';
import { visibleWord } from '../../bytes/visible';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { failureText, namedNamespaces, namespacePath } from '../../operations/network-namespace';
import type { CommandContext } from './base';
import { capturedOutput } from './captured';

const OPTION = '--all-netns';
const CURRENT = '/proc/self/ns/net';

/** The format and version of the JSON document: docs/servers.md. */
const FORMAT = 'ipvsadm-namespaces';
const VERSION = 1;

interface Namespace {
  /** undefined: the current namespace, when it has no name. */
  readonly name: string | undefined;
  readonly current: boolean;
}

/** How a listing ended. Both texts are '' where the output was not captured. */
interface Listed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Prints the listing of the current namespace. @returns its exit status. */
type List = (context: CommandContext) => Promise<number>;

/** Lists all namespaces. @returns the highest exit status of them. */
export async function listNamespaces(context: CommandContext, json: boolean, list: List): Promise<number> {
  const namespaces = allNamespaces(context);
  return json ? await asJson(namespaces, context, list) : await asText(namespaces, context, list);
}

/** The current namespace comes first, unless it is one of the named ones. */
function allNamespaces({ system }: CommandContext): Namespace[] {
  const here = system.fileIdentity(CURRENT);
  const named = namedNamespaces(system).map((name) => ({
    name,
    current: here !== undefined && system.fileIdentity(namespacePath(name, system)) === here,
  }));
  if (named.some(({ current }) => current)) return named;
  return [{ name: undefined, current: true }, ...named];
}

async function asText(
  namespaces: readonly Namespace[],
  context: CommandContext,
  list: List,
): Promise<number> {
  const { output } = context;
  let status: number = exitStatus.ok;
  for (const [index, namespace] of namespaces.entries()) {
    output.write(`${index > 0 ? '\n' : ''}${titleOf(namespace)}:\n`);
    const listed = namespace.current
      ? await listHere(context, list)
      : listElsewhere(namespace.name!, context, false);
    if (listed.status !== exitStatus.ok) output.error(`ipvsadm: ${titleOf(namespace)}: ${reasonOf(listed)}`);
    status = Math.max(status, listed.status);
  }
  return status;
}

function titleOf({ name, current }: Namespace): string {
  if (name === undefined) return 'current network namespace';
  return `network namespace ${visibleWord(name)}${current ? ' (current)' : ''}`;
}

/**
 * Why a listing failed: its message, without the explanation of the refusal. Where its output was not
 * captured, it has reported its error itself.
 */
function reasonOf({ status, stderr }: Listed): string {
  const message = stderr.replace(/^ipvsadm: \S+ was refused with [\s\S]*/m, '').trim();
  return message || `the listing ended with status ${status}`;
}

async function asJson(
  namespaces: readonly Namespace[],
  context: CommandContext,
  list: List,
): Promise<number> {
  const { output } = context;
  let status: number = exitStatus.ok;
  output.write(`{\n  "format": "${FORMAT}",\n  "version": ${VERSION},\n  "namespaces": [`);
  for (const [index, namespace] of namespaces.entries()) {
    const { name, current } = namespace;
    const listed = current ? await listCaptured(context, list) : listElsewhere(name!, context, true);
    const facts = asciiJson({ netns: name === undefined ? null : unicodeFromBytes(name), current });
    const failed = listed.status !== exitStatus.ok || listed.stdout === '';
    const rest = failed
      ? `"error": ${asciiJson(unicodeFromBytes(reasonOf(listed)))}`
      : `"state": ${listed.stdout.trimEnd()}`;
    output.write(`${index > 0 ? ',' : ''}\n${facts.slice(0, -1)}, ${rest}}`);
    if (failed) output.error(`ipvsadm: ${titleOf(namespace)}: ${reasonOf(listed)}`);
    status = Math.max(status, listed.status);
  }
  output.write('\n  ]\n}\n');
  return status;
}

/** Runs this program again in a named namespace, with the same arguments. */
function listElsewhere(name: string, { system, output }: CommandContext, capture: boolean): Listed {
  output.flush();
  // Within the JSON that becomes YAML.
  const args = system.args.flatMap((word) => (word === OPTION ? [] : word === '--yaml' ? '--json' : word));
  const result = system.runInNamespace(namespacePath(name, system), args, capture);
  if (!('errno' in result)) return result;
  return { status: exitStatus.listing, stdout: '', stderr: `cannot be entered: ${failureText(result)}` };
}

async function listHere(context: CommandContext, list: List): Promise<Listed> {
  try {
    return { status: await list(context), stdout: '', stderr: '' };
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    return { status: error.status, stdout: '', stderr: error.message };
  }
}

/** Lists the current namespace and captures the listing. */
async function listCaptured(context: CommandContext, list: List): Promise<Listed> {
  const { output, blocks } = capturedOutput(context.system);
  const listed = await listHere({ ...context, output }, list);
  output.flush();
  return { ...listed, stdout: blocks.map(toText).join('') };
}
