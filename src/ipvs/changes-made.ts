import type { Change } from '../model/change';

/** The kinds of changes that may set what was there before. */
const setting: ReadonlySet<Change['kind']> = new Set([
  'edit-service',
  'edit-server',
  'flush',
  'zero',
  'set-timeouts',
]);

/** How many changes a client has made; those of which it is not known count too. */
export class ChangesMade {
  changes = 0;
  /** Those that may have set what was there before. */
  setting = 0;

  readonly count = (kind: Change['kind']): void => {
    this.changes += 1;
    if (setting.has(kind)) this.setting += 1;
  };
}
