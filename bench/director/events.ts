/** What happens to a director or to one of its real servers, and what is counted then. */

export type CheckKind = 'tcp' | 'http';

export interface Event {
  readonly name: string;
  readonly title: string;
  readonly check: CheckKind;
  /** Lines of the shell on the ground of ground.sh, from the moment at which all is well. */
  readonly script: string;
  /** The table that the event ends in, as an expression for a line of `traffic watch`; whose time is counted. */
  readonly done?: RegExp;
  /** How many runs a table has of it, if not all. */
  readonly runs?: number;
}

/** The first server gets no new connections. */
const OUT = /^(?!.*0A090015=[1-9])/;
const FULL = /0A090015=[1-9].*0A090016=[1-9]|0A090016=[1-9].*0A090015=[1-9]/;

export const events: readonly Event[] = [
  {
    name: 'killed',
    title: 'process of a server killed (`kill -9`)',
    check: 'tcp',
    script: 'mark; kill -9 $r1; sleep 6',
    done: OUT,
  },
  {
    name: 'black-hole',
    title: 'server silent for 8 s (packets dropped)',
    check: 'tcp',
    script: 'silence r1; mark; sleep 8; hearing r1; sleep 1',
    done: OUT,
  },
  {
    name: 'stopped',
    title: 'process of a server stopped for 8 s (`kill -STOP`)',
    check: 'http',
    script: 'mark; kill -STOP $r1; sleep 8; kill -CONT $r1; sleep 1',
    done: OUT,
  },
  {
    name: 'slow',
    title: 'server answers after 2 s',
    check: 'http',
    script: 'mark; kill -USR1 $r1; sleep 9',
    done: OUT,
  },
  {
    name: 'flapping',
    title: 'server 3 s down, 3 s up, four times',
    check: 'tcp',
    script: 'mark; for turn in 1 2 3 4; do kill -9 $r1; sleep 3; server r1; sleep 3; done',
    runs: 5,
  },
  {
    name: 'restart',
    title: 'director stopped (SIGTERM) and started',
    check: 'tcp',
    script: 'counted before; mark; stop; start; sleep 6; sent; counted after',
  },
  {
    name: 'reload',
    title: "a server's weight changed in the file, SIGHUP",
    check: 'tcp',
    script: 'counted before; configuration 3; mark; reload; sleep 3; counted after',
    done: /0A090015=3/,
  },
  {
    name: 'drift',
    title: 'server deleted by hand (`ipvsadm -d`)',
    check: 'tcp',
    script: `mark; "$IPVSADM_C" -d -t $vip:80 -r $first; sleep 8`,
    done: FULL,
  },
];
