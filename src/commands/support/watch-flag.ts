import { CommandLineError } from './command-line-error';
import { secondsFlag } from './seconds-flag';

/** The kernel estimates rates that often (ip_vs_est.c). */
const DEFAULT_SECONDS = '2';

/** --watch [SECONDS]. oclif has no flags whose value may be left out: `withSeconds`. */
export const watchFlag = secondsFlag({
  least: 0.1,
  helpValue: '[SECONDS]',
  description: 'show the table again and again, changes marked, until Ctrl-C; default every 2 seconds',
  exclusive: ['connection', 'timeout', 'daemon', 'json', 'all-netns'],
});

/** The arguments with the number of seconds in that of --watch (or `flag`), also where it is left out. */
export function withSeconds(argv: readonly string[], flag = '--watch'): string[] {
  const at = argv.indexOf(flag);
  if (at < 0) return [...argv];
  const given = /^[0-9.]+$/.test(argv[at + 1] ?? '');
  const seconds = given ? argv[at + 1] : DEFAULT_SECONDS;
  return [...argv.slice(0, at), `${flag}=${seconds}`, ...argv.slice(at + (given ? 2 : 1))];
}

/** @throws CommandLineError unless what --watch shows can be seen. */
export function checkWatch(watched: boolean, pretty: boolean | undefined, terminal: boolean): void {
  if (!watched) return;
  if (pretty === false) {
    throw new CommandLineError(['--watch and --no-pretty cannot be used together: give one of them']);
  }
  if (!terminal) {
    throw new CommandLineError(['--watch: standard output is not a terminal: leave out --watch']);
  }
}
