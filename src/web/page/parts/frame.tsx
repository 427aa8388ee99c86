/** Navigation and header around a view. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { may, usePage } from '../context';
import { useNow } from '../hooks';
import { seconds } from '../state/format';
import { linkTo, type Route } from '../state/route';
import { useIsChanged } from '../views/edit/draft';

export function Frame(props: {
  readonly route: Route;
  /** Since when the server is not heard. */
  readonly lost: number | undefined;
  readonly setLanguage: (language: string) => void;
  readonly logOut: () => void;
  readonly children: ComponentChildren;
}) {
  const { me, texts, language } = usePage();
  const { route } = props;
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const place = route.view === 'service' ? route.key : route.view;
  const changed = useIsChanged();
  useTitle(route);
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    setOpen(false);
    // Who does not see the page learns by the focus that there is another view.
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  return (
    <div class="frame">
      <button type="button" class="skip main" onClick={() => main.current?.focus()}>
        {texts.skip}
      </button>
      <header class="side">
        <p class="brand">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <rect width="16" height="16" rx="3.5" />
            <path d="M3.5 8h3.2M6.7 8l3-3.7h2.8M6.7 8h5.8M6.7 8l3 3.7h2.8" />
          </svg>
          <span>
            <b>{me.host}</b>
            <small>ipvsadm {me.version}</small>
          </span>
        </p>
        <button
          type="button"
          class="menu"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          {texts.menu}
        </button>
        <div id="navigation" class={open ? 'open' : ''}>
          <nav aria-label={texts.views}>
            <ul>
              {entriesFor(me).map((view) => (
                <li key={view}>
                  <a
                    href={linkTo({ view } as Route)}
                    aria-current={
                      route.view === view || (view === 'overview' && route.view === 'service')
                        ? 'page'
                        : undefined
                    }
                  >
                    {texts.viewNames[view]}
                    {view === 'edit' && changed && <span class="badge">{texts.draft}</span>}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="who">
            <p>
              {me.name} <span class="badge">{texts.webRoles[me.role]}</span>
            </p>
            <span class="buttons">
              <button
                type="button"
                class="small"
                lang={language.startsWith('zh') ? 'en' : 'zh-CN'}
                onClick={() => props.setLanguage(language.startsWith('zh') ? 'en' : 'zh')}
              >
                {texts.otherLanguage}
              </button>
              <button type="button" class="small" onClick={props.logOut}>
                {texts.logOut}
              </button>
            </span>
          </div>
        </div>
      </header>
      <main ref={main} tabIndex={-1}>
        <Lost since={props.lost} />
        {props.children}
      </main>
    </div>
  );
}

function entriesFor(me: ReturnType<typeof usePage>['me']) {
  const { can } = me;
  const all = [
    ['overview', true],
    ['edit', can.document && may(me, 'edit')],
    ['directors', can.directors],
    ['connections', true],
    ['doctor', true],
    ['history', true],
  ] as const;
  return all.filter(([, is]) => is).map(([view]) => view);
}

function Lost({ since }: { readonly since: number | undefined }) {
  return (
    <div class="lost" role="alert">
      {since !== undefined && <LostFor since={since} />}
    </div>
  );
}

function LostFor({ since }: { readonly since: number }) {
  const { texts, language } = usePage();
  const now = useNow();
  const clock = new Date(since).toLocaleTimeString(language, { hour12: false });
  return (
    <p class="note bad">
      {texts.notConnected(clock)} {/* A screen reader is told once, not every second. */}
      <span aria-hidden="true">({seconds(now - since)})</span>
    </p>
  );
}

function useTitle(route: Route): void {
  const { me, texts, live } = usePage();
  const place =
    route.view === 'service'
      ? (live.services.get(route.key)?.name ?? route.key)
      : texts.viewNames[route.view];
  const alarms = live.status?.alarms.length ?? 0;
  useEffect(() => {
    document.title = `${alarms > 0 ? `(${alarms}) ` : ''}${place} · ${me.host}`;
  }, [place, me.host, alarms]);
}
