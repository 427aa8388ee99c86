/** States, each as a colour, a shape and a word. */

import type { ServerState, TimedResult } from '../../../director/types';
import type { AdminState } from '../../../model/director';
import type { OverviewService } from '../../contract';
import { usePage, useTexts } from '../context';
import { serverCount } from '../state/services';

const shapes: Readonly<Record<ServerState | AdminState, string>> = {
  up: '●',
  down: '▼',
  unknown: '○',
  ready: '●',
  drain: '◐',
  maint: '■',
};

export function State({ state }: { readonly state: ServerState }) {
  const texts = useTexts();
  return (
    <span class={`state ${state}`}>
      <span aria-hidden="true">{shapes[state]}</span> {texts.states[state]}
    </span>
  );
}

export function Admin({ admin }: { readonly admin: AdminState }) {
  const texts = useTexts();
  if (admin === 'ready') return null;
  return (
    <span class="state drained">
      <span aria-hidden="true">{shapes[admin]}</span> {texts.admins[admin]}
    </span>
  );
}

/** How many servers are in which state. */
export function HealthBar({ service }: { readonly service: OverviewService }) {
  const { texts, me } = usePage();
  const all = Math.max(1, serverCount(service));
  let x = 0;
  const parts = (['up', 'unknown', 'down'] as const).map((state) => {
    const part = { state, x, width: (100 * service[state]) / all };
    x += part.width;
    return part;
  });
  if (!me.can.health) return <>{texts.countServers(serverCount(service))}</>;
  return (
    <div class="health">
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => (
          <rect key={part.state} class={part.state} x={part.x} y="0" width={part.width} height="8" />
        ))}
      </svg>
      <span class="counts">
        {(['up', 'down', 'unknown'] as const)
          .filter((state) => service[state] > 0 || (state === 'up' && service.unknown === 0))
          .map((state) => (
            <span key={state} class={`state ${state}`}>
              <span aria-hidden="true">{shapes[state]}</span> {service[state]} {texts.states[state]}
            </span>
          ))}
        {service.drained > 0 && (
          <span class="state drained">
            <span aria-hidden="true">{shapes.drain}</span> {service.drained} {texts.drained}
          </span>
        )}
      </span>
    </div>
  );
}

/** The last twenty results, oldest first: a failure is short and hangs. */
export function Strip({ results }: { readonly results: readonly TimedResult[] }) {
  const texts = useTexts();
  const shown = results.slice(0, 20).reverse();
  const good = shown.filter(({ ok }) => ok).length;
  if (shown.length === 0) return <span class="muted">–</span>;
  return (
    <svg
      class="strip"
      viewBox="0 0 100 16"
      role="img"
      aria-label={texts.resultsOk(good, shown.length)}
      preserveAspectRatio="xMinYMid"
    >
      {shown.map(({ ok, at, check }, index) => (
        <rect
          key={`${at}${check}`}
          class={ok ? 'up' : 'down'}
          x={index * 5}
          y={ok ? 1 : 9}
          width="3.4"
          height={ok ? 14 : 6}
          rx="1"
        />
      ))}
    </svg>
  );
}

/** The part of the connections that a server gets, and a mark at that which its weight asks for. */
export function Share({ share, meant }: { readonly share: number | null; readonly meant: number | null }) {
  return (
    <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" x="0" y="2" width="100" height="4" />
      <rect class="value" x="0" y="2" width={100 * (share ?? 0)} height="4" />
      {meant !== null && <rect class="meant" x={Math.min(99, 100 * meant)} y="0" width="1.2" height="8" />}
    </svg>
  );
}
