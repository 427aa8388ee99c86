/** The stream of messages from the server, begun again whenever it ends. */
import type { StreamMessages } from '../contract';
import { get, Refused } from './api';
import type { Message } from './state/live';

const names = ['overview', 'changed', 'happened', 'service'] as const satisfies (keyof StreamMessages)[];

/** After so much silence the server is asked whether it is there, and again after as much. */
const SILENCE = 15_000;
const RETRY = 3_000;

/**
 * @param service whose details come, too.
 * @returns ends it.
 */
export function openStream(
  service: string | undefined,
  hear: (message: Message) => void,
  connected: (is: boolean) => void,
): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let heard = Date.now();
  let over = false;

  const open = () => {
    const query = service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
    source = new EventSource(`v1/stream${query}`);
    source.onopen = () => {
      heard = Date.now();
      connected(true);
    };
    source.onerror = lost;
    for (const name of names) {
      source.addEventListener(name, (event) => {
        heard = Date.now();
        connected(true);
        hear({ name, data: JSON.parse((event as MessageEvent<string>).data) } as Message);
      });
    }
  };
  // A refusal ends an EventSource for good, and says not why: the next request does.
  const lost = () => {
    connected(false);
    source.close();
    clearTimeout(retry);
    retry = setTimeout(async () => {
      const problem = await get('me').catch((error: unknown) => error);
      if (over || (problem instanceof Refused && problem.status === 401)) return;
      if (problem instanceof Refused) lost();
      else open();
    }, RETRY);
  };
  // A table in which nothing happens is silent, and so is a cable that was pulled.
  const watch = setInterval(async () => {
    if (Date.now() - heard < SILENCE || source.readyState !== EventSource.OPEN) return;
    heard = Date.now();
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), 5000));
    const answer = await Promise.race([get('me').catch(() => 'late'), late]);
    if (!over && answer === 'late') lost();
  }, 5000);
  open();
  return () => {
    over = true;
    clearTimeout(retry);
    clearInterval(watch);
    source.close();
  };
}
