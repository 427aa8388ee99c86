/** Watches the connections of a real server go. */

import type { IpvsClient } from '../../../ipvs/client';
import type { ListedServer } from '../../../model/real-server';
import type { ServiceKey } from '../../../model/virtual-service';
import type { Interruption, Sleep } from '../../../platform/interactive-system';
import { statusLine } from '../../../platform/status-line';
import { serverName } from '../../../state/table/table-state';
import type { CommandContext } from '../../support/base';
import { serverIfThere } from './find-server';

/** What is waited for. */
export interface DrainGoal {
  readonly key: ServiceKey;
  readonly server: ListedServer;
  readonly until: 'empty' | 'idle';
  /** Milliseconds: the longest wait, if there is one, and the time between two looks. */
  readonly timeout: number | undefined;
  readonly interval: number;
}

/** How it ended; `left` is the server as it was seen last. */
export type Drained =
  | { readonly kind: 'done' | 'gone' }
  | { readonly kind: 'timeout'; readonly left: ListedServer }
  | { readonly kind: 'interrupted'; readonly left: ListedServer; readonly signal: Interruption }
  /** Somebody gave it a weight again, so that waiting makes no sense. */
  | { readonly kind: 'reweighted'; readonly weight: number };

const isReached: Record<DrainGoal['until'], (server: ListedServer) => boolean> = {
  idle: ({ activeConnections }) => activeConnections === 0,
  empty: ({ activeConnections, inactiveConnections, persistentConnections }) =>
    activeConnections + inactiveConnections + persistentConnections === 0,
};

/**
 * Looks at the server until what is waited for has come, and shows its connections: on a terminal in one line, else
 * in a line whenever they change. @throws IpvsadmError when the kernel does not tell.
 */
export async function waitForDrain(
  { key, server, until, timeout = Number.POSITIVE_INFINITY, interval }: DrainGoal,
  client: IpvsClient,
  context: Pick<CommandContext, 'system' | 'output'>,
  sleep: Sleep,
): Promise<Drained> {
  const { system } = context;
  const shown = showing(context);
  const start = system.now();
  try {
    for (;;) {
      const left = serverIfThere(client, key, server);
      if (!left) return { kind: 'gone' };
      if (left.weight !== 0) return { kind: 'reweighted', weight: left.weight };
      const elapsed = system.now() - start;
      shown.show(`${serverName(left)}: ${connectionsText(left)}`, elapsed);
      if (isReached[until](left)) return { kind: 'done' };
      if (elapsed >= timeout) return { kind: 'timeout', left };
      const signal = await sleep(Math.min(interval, timeout - elapsed));
      if (signal) return { kind: 'interrupted', left, signal };
    }
  } finally {
    shown.end();
  }
}

/** The connections of a server, as people read them. */
export function connectionsText(server: ListedServer): string {
  const { activeConnections, inactiveConnections, persistentConnections } = server;
  return `${activeConnections} active, ${inactiveConnections} inactive, ${persistentConnections} persistent connections`;
}

function showing({ system, output }: Pick<CommandContext, 'system' | 'output'>): {
  show(text: string, elapsed: number): void;
  end(): void;
} {
  if (system.stderrIsTerminal()) {
    const line = statusLine(system);
    return {
      show: (text, elapsed) => line.show(`${text} (${Math.floor(elapsed / 1000)} s)`),
      end: line.clear,
    };
  }
  let last = '';
  return {
    show(text) {
      if (text !== last) output.error(text);
      last = text;
    },
    end: () => {},
  };
}
