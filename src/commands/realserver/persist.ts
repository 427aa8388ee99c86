/** realserver up --persist: writes the files that make the real server again after a start; down removes them. */
import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { OutputError } from '../../platform/system';
import {
  isPlainWord,
  optionsIn,
  optionsText,
  persistentPaths as paths,
  sysctlsText,
  unitText,
} from '../../setup/persist';
import type { Step } from '../../setup/step';
import { CommandLineError } from '../support/command-line-error';
import type { RealServerFlags } from './support';

/** The words that say the same to realserver up. @throws CommandLineError. */
export function wordsFor(vips: readonly string[], flags: RealServerFlags): readonly string[] {
  if (flags.method === 'masquerading') {
    throw new CommandLineError(['--persist: --method masquerading makes nothing that could be lost']);
  }
  const words = [
    ...vips,
    `--method=${flags.method}`,
    ...(flags.interface ?? []).map((name) => `--interface=${name}`),
    ...(flags.local === undefined ? [] : [`--local=${flags.local}`]),
    ...(flags.director === undefined ? [] : [`--director=${flags.director}`]),
    ...(flags.method === 'gue' ? [`--tun-port=${flags['tun-port']}`] : []),
    ...(flags['tun-csum'] ? ['--tun-csum'] : []),
  ];
  const strange = words.filter((word) => !isPlainWord(word));
  if (strange.length > 0) {
    throw new CommandLineError(strange.map((word) => `--persist: ${word} cannot stand in a systemd unit`));
  }
  return words;
}

/** A file, or a link, that is not yet as wanted. */
interface Open {
  readonly path: string;
  readonly text?: string;
  readonly target?: string;
}

/** The files and the link that are not there yet. */
export function openFiles(
  steps: readonly Step[],
  words: readonly string[],
  system: InteractiveSystem,
): readonly Open[] {
  const { program, searchPath } = system.programPath;
  const shipped = system.readFile(paths.shippedUnit) !== undefined;
  const wanted: readonly (readonly [path: string, text: string | undefined])[] = [
    [paths.sysctls, sysctlsText(steps)],
    [paths.options, optionsText(words)],
    [paths.unit, shipped ? undefined : unitText(program, searchPath)],
  ];
  const open = wanted.flatMap(([path, text]): Open[] =>
    text === undefined || system.readFile(path) === bytesFromUnicode(text) ? [] : [{ path, text }],
  );
  const target = shipped ? paths.shippedUnit : paths.unit;
  const linked = system.readFile(paths.link);
  const enabled = linked !== undefined && linked === system.readFile(target);
  return enabled ? open : [...open, { path: paths.link, target }];
}

/** Writes what is not there yet. @returns the paths. @throws IpvsadmError. */
export async function persist(...of: Parameters<typeof openFiles>): Promise<string[]> {
  const [, , system] = of;
  const open = openFiles(...of);
  for (const { path, text, target } of open) {
    await writing(path, async () => {
      system.makeDirectory(path.slice(0, path.lastIndexOf('/')), 0o755);
      if (text !== undefined) await system.replaceFile(path, [Buffer.from(text, 'utf8')]);
      if (target !== undefined) system.makeLink(target, path);
    });
  }
  return open.map(({ path }) => path);
}

/**
 * Removes the files, or takes some VIPs out of the options.
 * @param gone the VIPs that go; undefined: all.
 * @returns the paths of the files that were removed or changed.
 */
export async function forget(
  gone: readonly string[] | undefined,
  system: InteractiveSystem,
): Promise<string[]> {
  const options = system.readFile(paths.options);
  if (gone !== undefined) {
    const words = optionsIn(options ?? '');
    const rest = words.filter((word) => !gone.includes(word));
    if (rest.length === words.length) return [];
    await writing(paths.options, async () => {
      await system.replaceFile(paths.options, [Buffer.from(optionsText(rest), 'latin1')]);
    });
    return [paths.options];
  }
  const present = [paths.link, paths.unit, paths.options, paths.sysctls].filter(
    (path) => system.readFile(path) !== undefined,
  );
  for (const path of present) await writing(path, async () => system.removeFile(path));
  return present;
}

async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    throw new IpvsadmError(`ipvsadm: ${path}: ${error.reason ?? strerror(error.errno)}`, exitStatus.refused);
  }
}
