/** Short ways to write the steps of a story. */
import type { Section, Step } from './story';

type More = Omit<Step, 'place' | 'command'>;

export function section(title: string, ...steps: (Step | readonly Step[])[]): Section {
  return { title, steps: steps.flat() };
}

/** Waits, at most half a minute, until a command has status 0. */
export function until(place: string, condition: string): Step {
  const wait = `tries=0; until ${condition}; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.1; done`;
  return step(place, wait, { untold: true });
}

/** A section with a text that explains it. */
export function told(of: Section, ...text: readonly string[]): Section {
  return { ...of, text };
}

export function step(place: string, command: string, more: More = {}): Step {
  return { place, command, ...more };
}

export function at(place: string, ...commands: string[]): Step[] {
  return commands.map((command) => ({ place, command }));
}

export function repeat(times: number, step: Step): Step[] {
  return Array.from({ length: times }, () => step);
}

export function fetch(address: string, more: More = {}, place = 'client'): Step {
  return step(place, `wget -q -O - http://${address}/`, more);
}

/** `director up` with a table, as rules (the lines of `ipvsadm-save`) on its standard input. */
export function directorUp(rules: readonly string[], more: More = {}, options = ''): Step {
  const command = `ipvsadm director up - --format rules${options}`;
  return step('director', `${command} <<END\n${rules.join('\n')}\nEND`, { id: 'up', ...more });
}

/** The rules of a service and its real servers. */
export function rulesOf(service: string, scheduler: string, servers: readonly string[]): string[] {
  return [`-A ${service} -s ${scheduler}`, ...servers.map((server) => `-a ${service} -r ${server}`)];
}

export interface Watch {
  place: string;
  /** `any` shows the interfaces' names in place of MAC addresses. */
  interface: string;
  /** An expression of pcap-filter(7). */
  filter: string;
  /** The number of packets after which it ends. */
  count: number;
}

/** Opening packets of TCP connections: SYN and SYN-ACK, so that each connection is two packets. */
export const openings = 'tcp[tcpflags] & tcp-syn != 0';

/** Shows the packets that pass an interface while `steps` run. */
export function watching(watch: Watch, steps: readonly Step[], more: More = {}): Step[] {
  const { place, interface: name, filter, count } = watch;
  const id = more.id;
  return [
    {
      place,
      command: `tcpdump -Z root -l -n -t ${name === 'any' ? '' : '-e '}-q -c ${count} -i ${name} '${filter}'`,
      inBackground: true,
      ...(id && { id: `${id}-start` }),
    },
    ...steps,
    { place, command: 'wait', awaits: true, ...more },
  ];
}
