/** What keepalived writes into its notify FIFO (keepalived.conf(5), vrrp_notify_fifo): a line for each event. */

/** `asked` answers a change of the priority; the others are new states. */
export type VrrpState = 'master' | 'backup' | 'fault' | 'stopped';
export interface VrrpLine {
  readonly state: VrrpState;
  readonly asked: boolean;
  /** Another director with a lower priority sends adverts, too. */
  readonly rival: boolean;
}

/** No line of keepalived is longer: what is, is dropped to its end. */
const MAX_LINE = 1024;

const words: Readonly<Record<string, VrrpLine>> = {
  MASTER: { state: 'master', asked: false, rival: false },
  BACKUP: { state: 'backup', asked: false, rival: false },
  FAULT: { state: 'fault', asked: false, rival: false },
  STOP: { state: 'stopped', asked: false, rival: false },
  DELETED: { state: 'stopped', asked: false, rival: false },
  MASTER_RX_LOWER_PRI: { state: 'master', asked: false, rival: true },
  MASTER_PRIORITY: { state: 'master', asked: true, rival: false },
  BACKUP_PRIORITY: { state: 'backup', asked: true, rival: false },
};

export class VrrpLines {
  #rest = '';
  /** A line that is too long has begun. */
  #dropping = false;

  /** @param instance whose lines count; undefined: all. */
  constructor(readonly instance: string | undefined) {}

  /** The events of the instance in the lines that are complete by now, in order. */
  take(text: string): VrrpLine[] {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop()!;
    if (this.#dropping && lines.length > 0) {
      lines.shift();
      this.#dropping = false;
    }
    if (this.#rest.length > MAX_LINE) {
      this.#rest = '';
      this.#dropping = true;
    } else if (this.#dropping) {
      this.#rest = '';
    }
    return lines.flatMap((line) => this.#read(line) ?? []);
  }

  /** Another writer begins: what the former left unfinished is no beginning. */
  reset(): void {
    this.#rest = '';
    this.#dropping = false;
  }

  #read(line: string): VrrpLine | undefined {
    if (line.length > MAX_LINE) return undefined;
    // What another writer left unfinished before it takes no event along.
    const [, name, word] = /INSTANCE "([^"]*)" ([A-Z_]+) \d{1,3}$/.exec(line) ?? [];
    return name !== undefined && name === (this.instance ?? name) ? words[word!] : undefined;
  }
}
