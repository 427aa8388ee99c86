/**
 * The commands: names, letters, values and summaries, in the order of the help. The classic parser,
 * the legality check, the subcommands, the help and the completion are made from this table.
 */

export type CommandName =
  | 'add-service'
  | 'edit-service'
  | 'delete-service'
  | 'flush'
  | 'list'
  | 'add-server'
  | 'delete-server'
  | 'edit-server'
  | 'set'
  | 'start-daemon'
  | 'stop-daemon'
  | 'restore'
  | 'save'
  | 'zero'
  | 'help'
  | 'version';

export interface CommandSpec {
  /** Its name in ipvsadm's messages. */
  readonly name: CommandName;
  /** Its short options, one character each. */
  readonly letters: string;
  readonly long: string;
  /** The equivalent subcommand. */
  readonly subcommand: string;
  /** Placeholder of its mandatory value. */
  readonly argument?: string;
  /** Placeholders of positional values. */
  readonly positional?: string;
  readonly summary: string;
}

export const requestCommands: readonly CommandSpec[] = [
  {
    name: 'add-service',
    letters: 'A',
    long: 'add-service',
    subcommand: 'service add',
    summary: 'add a virtual service',
  },
  {
    name: 'edit-service',
    letters: 'E',
    long: 'edit-service',
    subcommand: 'service edit',
    summary: 'change a virtual service; options not given are reset',
  },
  {
    name: 'delete-service',
    letters: 'D',
    long: 'delete-service',
    subcommand: 'service delete',
    summary: 'delete a virtual service and its real servers',
  },
  { name: 'flush', letters: 'C', long: 'clear', subcommand: 'clear', summary: 'delete all virtual services' },
  {
    name: 'add-server',
    letters: 'a',
    long: 'add-server',
    subcommand: 'server add',
    summary: 'add a real server to a virtual service',
  },
  {
    name: 'edit-server',
    letters: 'e',
    long: 'edit-server',
    subcommand: 'server edit',
    summary: 'change a real server; options not given are reset',
  },
  {
    name: 'delete-server',
    letters: 'd',
    long: 'delete-server',
    subcommand: 'server delete',
    summary: 'delete a real server',
  },
  {
    name: 'list',
    letters: 'Ll',
    long: 'list',
    subcommand: 'list',
    summary: 'list services and real servers, connections, timeouts or sync daemons',
  },
  {
    name: 'zero',
    letters: 'Z',
    long: 'zero',
    subcommand: 'zero',
    summary: 'reset the counters of one virtual service, or of all',
  },
  {
    name: 'set',
    letters: '',
    long: 'set',
    subcommand: 'set-timeouts',
    positional: 'TCP TCPFIN UDP',
    summary: 'set the connection timeouts in seconds; 0 leaves one unchanged',
  },
  {
    name: 'save',
    letters: 'S',
    long: 'save',
    subcommand: 'save',
    summary: 'write the table as commands that --restore reads',
  },
  {
    name: 'restore',
    letters: 'R',
    long: 'restore',
    subcommand: 'restore',
    summary: 'carry out commands from standard input',
  },
  {
    name: 'start-daemon',
    letters: '',
    long: 'start-daemon',
    subcommand: 'daemon start',
    argument: 'STATE',
    summary: 'start the sync daemon: STATE is master or backup',
  },
  {
    name: 'stop-daemon',
    letters: '',
    long: 'stop-daemon',
    subcommand: 'daemon stop',
    argument: 'STATE',
    summary: 'stop the sync daemon: STATE is master or backup',
  },
  { name: 'help', letters: 'h', long: 'help', subcommand: 'help', summary: 'print this help' },
  { name: 'version', letters: 'v', long: 'version', subcommand: 'version', summary: 'print the version' },
];

/** The summary of a command. */
export function summaryOf(name: CommandName): string {
  return requestCommands.find((command) => command.name === name)!.summary;
}
