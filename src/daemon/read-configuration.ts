/** Reads the daemon's document, in any format that has real servers but for rules. */
import { unicodeFromBytes } from '../bytes/unicode';
import { parseContext } from '../classic/parse';
import type { Configuration } from '../model/director';
import type { DirectorRun } from '../platform/director-system';
import type { InteractiveSystem } from '../platform/interactive-system';
import { NameNeeded, Names, withNames } from '../platform/names';
import { toConfiguration } from '../state/document/configuration';
import { DIRECTOR_VERSION, type DirectorStateDocument } from '../state/document/types';
import { isImportedFormat, type ReadState, readStateText, type StateFormat } from '../state/files/read';
import { formatProblems, isError } from '../state/source/diagnostics';
import type { Finding } from '../state/source/finding';
import type { TableState } from '../state/table/table-state';

export class ConfigurationReader {
  /** Names are looked up once for each document. */
  #names: Names;
  /** What `prepare` has read: a large document takes a while. */
  #prepared: { readonly text: string; readonly name: string; readonly read: ReadState } | undefined;

  constructor(
    readonly system: InteractiveSystem,
    readonly run: Pick<DirectorRun, 'file' | 'format' | 'configId'>,
  ) {
    this.#names = new Names(system);
  }

  /** Looks up the names in a document, so that `read` need not wait for them. */
  async prepare(text: string, name: string): Promise<void> {
    this.#names = new Names(this.system);
    this.#prepared = { text, name, read: await withNames(() => this.#parse(text, name)) };
  }

  /** @returns the problems in place of a configuration if there are errors. */
  read(
    text: string,
    name: string,
    form: 'given' | 'resolved',
  ): Configuration | { readonly problems: string } {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    let read: ReadState;
    try {
      const isPrepared = form === 'given' && prepared?.text === text && prepared.name === name;
      read = isPrepared ? prepared.read : this.#parse(text, name, form === 'resolved' ? 'json' : undefined);
    } catch (error) {
      if (!(error instanceof NameNeeded)) throw error;
      return { problems: `${name}: it has host names, which cannot be looked up now: use addresses` };
    }
    const errors = read.problems.filter(isError);
    if (errors.length > 0) return { problems: formatProblems(read.source, errors).trimEnd() };
    const configuration = read.configuration ?? withoutPolicies(read.state);
    return isImportedFormat(read.format) ? { ...configuration, refers: true } : configuration;
  }

  /** Reads a document for its problems, with the names that are in it. */
  inspect(text: string, name: string): Promise<ReadState> {
    const names = new Names(this.system);
    return withNames(() => this.#parse(text, name, undefined, names));
  }

  /** The warnings of a document. */
  warnings(text: string, name: string): string | undefined {
    const { source, problems } = this.#parse(text, name);
    const warnings = problems.filter(({ severity }) => severity === 'warning');
    return warnings.length > 0 ? formatProblems(source, warnings).trimEnd() : undefined;
  }

  #parse(text: string, name: string, own?: StateFormat, names = this.#names): ReadState {
    const file = Buffer.from(name, 'utf8').toString('latin1');
    const context = parseContext(this.system, names);
    const { format, configId } = this.run;
    // Its format is that of the daemon's own file: another one may have another.
    const told = name === unicodeFromBytes(this.run.file) ? (format as StateFormat | undefined) : undefined;
    return readStateText(text, file, this.system, context, {
      format: own ?? told,
      configId,
    });
  }
}

/** The table of a file without checks: the defaults of every policy, and every server up. */
function withoutPolicies(state: TableState): Configuration {
  const services = (state.services ?? []).map(({ servers }) => ({ servers: servers.map(() => ({})) }));
  const document = { version: DIRECTOR_VERSION, services } as unknown as DirectorStateDocument;
  const findings: Finding[] = [];
  return toConfiguration(document, state, undefined, findings);
}
