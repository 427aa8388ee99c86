/** How the director daemon's role among several directors is shown. */
import { visibleUnicodeWord } from '../../bytes/visible';
import { columns } from './director-text';

/** What the daemon answers to `GET /v1/ha`. */
export interface ShareStatus {
  readonly engine: string;
  readonly name: string;
  readonly role: string;
  readonly leader?: string;
  readonly vips: readonly string[];
  readonly interface: string;
  readonly problems: readonly string[];
}

export function shareLines(status: ShareStatus): string {
  const { engine, name, role, leader, vips, problems } = status;
  const rows = [
    ['director', name],
    ['role', role],
    ['leader', leader ?? 'not known'],
    ['engine', engine],
    ['VIPs', `${vips.join(', ')} on ${status.interface}`],
  ];
  return `${columns(rows)}${problems.map((text) => `alarm     ${visibleUnicodeWord(text)}\n`).join('')}`;
}
