/** What the director daemon of this network namespace says of sharing VIPs with other directors. */

import { DIRECTOR_SOCKET } from '../platform/director-system';
import type { InteractiveSystem } from '../platform/interactive-system';
import type { SharingFacts } from './facts';

const LIMIT = 1000;

/** @returns undefined if none runs, or if it shares none. */
export async function askSharing(
  system: Pick<InteractiveSystem, 'askDirector' | 'networkNamespace'>,
): Promise<SharingFacts | undefined> {
  const answer = async (path: string): Promise<Partial<Record<string, unknown>>> => {
    const said = await system.askDirector({ socket: DIRECTOR_SOCKET, method: 'GET', path, timeout: LIMIT });
    if ('failure' in said || said.status !== 200) return {};
    try {
      return (JSON.parse(said.text) as Record<string, unknown> | null) ?? {};
    } catch {
      return {}; // who knows who answers there
    }
  };
  const { namespace } = await answer('/v1/services');
  if (typeof namespace !== 'string' || namespace !== system.networkNamespace) return undefined;
  const { engine, role } = await answer('/v1/ha');
  return typeof engine === 'string' && typeof role === 'string' ? { engine, role } : undefined;
}
