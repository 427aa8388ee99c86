/** What the page is about: the director daemon, or a table alone. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Director } from '../director/types';
import type { HaStatus } from '../ha/types';
import type { TableNow } from '../live/top-rows';
import type { Me } from './contract';
import type { StayingCaller } from './sessions';

/** Of the daemon: what the page shows of it. */
export type KnownDirector = Pick<
  Director,
  'status' | 'services' | 'states' | 'health' | 'events' | 'subscribe'
>;

export interface WebBackend {
  readonly can: Me['can'];
  readonly version: string;
  /** The machine's name. */
  readonly host: string;
  /** Undefined: nobody checks the servers of the table. */
  readonly director?: KnownDirector | undefined;
  /** Null: VIPs are not shared. */
  ha(): HaStatus | null;
  /** The table with its counters. @throws netlink failures. */
  table(): Promise<TableNow>;
  /** Answers a request of `/v1/` that the server itself does not, and says what was done. Never rejects. */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    caller: StayingCaller,
  ): Promise<Done | undefined>;
}

/** What a request did or tried, for the audit log. */
export interface Done {
  readonly action: string;
  readonly outcome: string;
  readonly ok: boolean;
}
