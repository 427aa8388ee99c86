/** Waits until the connections of a real server are gone. */

import type { IpvsClient } from '../../../ipvs/client';
import type { ListedServer } from '../../../model/real-server';
import type { ServiceKey } from '../../../model/virtual-service';
import type { Interruption, Sleep } from '../../../platform/interactive-system';
import { serverName } from '../../../state/table/table-state';
import type { CommandContext } from '../../support/base';
import { progressOf } from '../../support/quiet';
import { findServerIfPresent } from './find-server';

/** What to wait for. */
export interface DrainGoal {
  readonly key: ServiceKey;
  readonly server: ListedServer;
  readonly until: 'empty' | 'idle';
  /** The longest time to wait, in milliseconds; undefined: no limit. */
  readonly timeout: number | undefined;
  /** The time from one look at the server to the next, in milliseconds. */
  readonly interval: number;
}

/** How the wait ended; `left` is the server at the last look. */
export type Drained =
  | { readonly kind: 'gone' }
  | { readonly kind: 'done' | 'timeout'; readonly left: ListedServer }
  | { readonly kind: 'interrupted'; readonly left: ListedServer; readonly signal: Interruption }
  /** Something else set the weight, and the server gets connections again. */
  | { readonly kind: 'reweighted'; readonly weight: number };

const isReached: Record<DrainGoal['until'], (server: ListedServer) => boolean> = {
  idle: ({ activeConnections }) => activeConnections === 0,
  empty: ({ activeConnections, inactiveConnections, persistentConnections }) =>
    activeConnections + inactiveConnections + persistentConnections === 0,
};

/**
 * Looks at the server until the goal is reached, and shows its connections: on a terminal as
 * progress, otherwise in a line whenever they change.
 * @throws IpvsadmError when the table cannot be read.
 */
export async function waitForDrain(
  { key, server, until, timeout = Number.POSITIVE_INFINITY, interval }: DrainGoal,
  client: IpvsClient,
  context: Pick<CommandContext, 'system' | 'output'>,
  sleep: Sleep,
): Promise<Drained> {
  const { system } = context;
  const display = connectionsDisplay(context);
  const start = system.now();
  try {
    for (;;) {
      const left = findServerIfPresent(client, key, server);
      if (!left) return { kind: 'gone' };
      if (left.weight !== 0) return { kind: 'reweighted', weight: left.weight };
      const elapsed = system.now() - start;
      display.show(`${serverName(left)}: ${connectionsText(left)}`);
      if (isReached[until](left)) return { kind: 'done', left };
      if (elapsed >= timeout) return { kind: 'timeout', left };
      const signal = await sleep(Math.min(interval, timeout - elapsed));
      if (signal) return { kind: 'interrupted', left, signal };
    }
  } finally {
    display.end();
  }
}

/** The numbers of a server's connections as text. */
export function connectionsText(server: ListedServer): string {
  const { activeConnections, inactiveConnections, persistentConnections } = server;
  return `${activeConnections} active, ${inactiveConnections} inactive, ${persistentConnections} persistent connections`;
}

function connectionsDisplay(context: Pick<CommandContext, 'system' | 'output'>): {
  show(text: string): void;
  end(): void;
} {
  const progress = progressOf(context, { delay: 0, interval: 0 });
  if (progress) {
    return {
      show: (text) => progress.show((elapsed) => `${text} (${Math.floor(elapsed / 1000)} s)`),
      end: progress.clear,
    };
  }
  let last = '';
  return {
    show(text) {
      if (text !== last) context.output.note(text);
      last = text;
    },
    end: () => {},
  };
}
