/** What the administrator has set for this machine: lines `name: value` in a file. */
import { visible } from '../bytes/visible';
import type { System } from './system';

export const CONFIG = '/etc/ipvsadm/config';

export interface MachineConfig {
  /** A state document with names for listings. */
  readonly names?: string;
  /** `on`: classic command lines, too, keep the table before they change it. */
  readonly history?: string;
}

/** What is wrong with a value; undefined: nothing. */
type Setting = (value: string) => string | undefined;

const settings: { readonly [Name in keyof Required<MachineConfig>]: Setting } = {
  names: (value) => (value.startsWith('/') ? undefined : 'must be the absolute path of a state document'),
  history: (value) => (['on', 'off'].includes(value) ? undefined : 'must be on or off'),
};

/** @param tell gets what is wrong with it: that line counts for nothing. */
export function machineConfig(
  system: Pick<System, 'readFile'>,
  tell: (problem: string) => void,
): MachineConfig {
  const config: Record<string, string> = {};
  const lines = (system.readFile(CONFIG) ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    const text = line.replace(/(?:^|\s)#.*$/, '').trim();
    if (text === '') continue;
    const [, name = text, value = ''] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
    const setting = Object.hasOwn(settings, name) ? settings[name as keyof MachineConfig] : undefined;
    const problem = setting ? setting(value) : `must be one of ${Object.keys(settings).join(', ')}`;
    if (problem === undefined) config[name] = value;
    else tell(`${CONFIG}:${index + 1}: ${visible(setting ? text : name)}: ${problem}`);
  }
  return config;
}
