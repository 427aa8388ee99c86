/** The files by which a real server is made again when the machine starts. */
import type { Step } from './step';

const UNIT = 'ipvsadm-realserver.service';

export const persistentPaths = {
  /** Early, so that no question for the VIP is answered before it is there. */
  sysctls: '/etc/sysctl.d/60-ipvsadm-realserver.conf',
  options: '/etc/ipvsadm/realserver.conf',
  /** Unless a package has shipped it. */
  unit: `/etc/systemd/system/${UNIT}`,
  shippedUnit: `/usr/lib/systemd/system/${UNIT}`,
  /** Enables the unit. */
  link: `/etc/systemd/system/multi-user.target.wants/${UNIT}`,
} as const;

/** The ARP settings, for sysctl.d(5). Those of tunnel devices, which are not there yet, the unit makes. */
export function sysctlsText(steps: readonly Step[]): string | undefined {
  const lines = steps.flatMap((step) =>
    step.kind === 'sysctl' && /\/arp_\w+$/.test(step.name) ? [`${step.name} = ${step.value}\n`] : [],
  );
  if (lines.length === 0) return undefined;
  return `# Written by ipvsadm realserver up --persist; realserver down removes it.\n${lines.join('')}`;
}

/** The words of a command line, for EnvironmentFile= of systemd.exec(5). */
export function optionsText(words: readonly string[]): string {
  return `# Written by ipvsadm realserver up --persist; realserver down removes it.\nOPTIONS="${words.join(' ')}"\n`;
}

/** The words in such a text. */
export function optionsIn(text: string): readonly string[] {
  return /^OPTIONS="(.*)"$/m.exec(text)?.[1]?.split(' ').filter(Boolean) ?? [];
}

/** Whether a word stands for itself in such a text. */
export function isPlainWord(word: string): boolean {
  return /^[A-Za-z0-9.:_@=-]+$/.test(word);
}

/**
 * The unit. It has no ExecStop: what it makes ends with the machine, and realserver down also keeps it
 * from coming back.
 * @param searchPath where the program finds what it runs; undefined: as systemd has it.
 */
export function unitText(program: string, searchPath?: string): string {
  return [
    '[Unit]',
    'Description=Real server of an LVS director: virtual IP addresses that the network does not see',
    'Documentation=man:ipvsadm(8)',
    `ConditionPathExists=${persistentPaths.options}`,
    'Wants=network-online.target',
    'After=network-online.target systemd-sysctl.service',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...(searchPath === undefined ? [] : [`Environment=PATH=${searchPath}`]),
    `EnvironmentFile=${persistentPaths.options}`,
    `ExecStart=${program} realserver up $OPTIONS`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}
