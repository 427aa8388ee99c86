/** A file as the director daemon is given it. */
import { listedState } from '../../state/document/to-object';
import { writeState } from '../../state/document/write';
import type { ReadState } from '../../state/files/read';

export interface DaemonDocument {
  readonly text: string;
  readonly name: string;
}

/** A text that the daemon reads without knowing the options of this command. */
export function documentOf(
  { source, format, state, configuration }: ReadState,
  flags: { readonly format?: string | undefined },
): DaemonDocument {
  const isDocument = format === 'json' || format === 'yaml';
  if (isDocument && flags.format === undefined) return { text: source.text, name: source.name };
  const name = `${source.name}, converted`;
  if (!configuration) return { text: [...writeState(listedState(state), false)].join(''), name };
  const { writeConfiguration } =
    require('../../state/document/write-director') as typeof import('../../state/document/write-director');
  return { text: [...writeConfiguration(configuration, undefined)].join(''), name };
}
