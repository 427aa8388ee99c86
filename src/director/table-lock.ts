/**
 * The lock of the table, which subcommands hold while they change it. The daemon takes it for each
 * pass that changes something. It waits for a subcommand, but not for long: a dead server has to go
 * even if a stopped process holds the lock.
 */
import type { Events } from './events';
import type { World } from './world';

const LONGEST_WAIT = 2000;
const INTERVAL = 100;

export class TableLock {
  constructor(
    readonly world: Pick<World, 'lockTable' | 'now' | 'after'>,
    readonly events: Events,
  ) {}

  /** @returns what releases it. */
  async take(): Promise<() => void> {
    const begun = this.world.now();
    for (;;) {
      const attempt = await this.world.lockTable();
      if (attempt.kind === 'taken') {
        this.events.end('lock');
        return () => attempt.release();
      }
      if (attempt.kind === 'unavailable') {
        this.events.alarm('lock', `the table is not locked (${attempt.reason}): let nobody else change it`);
        return () => {};
      }
      if (this.world.now() - begun >= LONGEST_WAIT) {
        const who = attempt.holder === undefined ? '' : ` (process ${attempt.holder})`;
        this.events.alarm('lock', `another ipvsadm${who} keeps the table locked: going on without the lock`);
        return () => {};
      }
      await new Promise<void>((resolve) => {
        this.world.after(INTERVAL, resolve);
      });
    }
  }
}
