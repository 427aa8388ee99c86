/** All services, what wants attention, what happened. */
import { useMemo, useState } from 'preact/hooks';
import type { DirectorEvent } from '../../../director/types';
import type { OverviewService } from '../../contract';
import { type PageContext, usePage } from '../context';
import { useMedia } from '../hooks';
import { HealthBar } from '../parts/health';
import { Tile } from '../parts/small';
import { type Column, Table } from '../parts/table';
import { Time } from '../parts/time';
import { byteRate, duration, short } from '../state/format';
import { linkTo } from '../state/route';
import { chosen, type Sorting, type SortKey, type Totals, totals } from '../state/services';

export function Overview() {
  const page = usePage();
  const { live, texts } = page;
  const [filter, setFilter] = useState('');
  const [trouble, setTrouble] = useState(false);
  const [sorting, setSorting] = useState<Sorting>({ key: 'name', descending: false });
  const all = useMemo(() => totals(live.services.values()), [live.services]);
  const rows = useMemo(
    () => chosen(live.services.values(), filter, trouble, sorting),
    [live.services, filter, trouble, sorting],
  );
  const columns = useMemo(() => columnsFor(texts), [texts]);
  return (
    <>
      <h1>{texts.overview}</h1>
      <Alarms />
      <Tiles all={all} page={page} />
      <div class={page.me.can.health ? 'beside' : ''}>
        <section aria-labelledby="services">
          <div class="bar-of-tools">
            <h2 id="services">{texts.services}</h2>
            {page.me.can.health && (
              <label class="check">
                <input
                  type="checkbox"
                  checked={trouble}
                  onChange={(event) => setTrouble(event.currentTarget.checked)}
                />{' '}
                {texts.onlyTrouble}
              </label>
            )}
            <input
              type="search"
              aria-label={texts.filterServices}
              placeholder={texts.filterServices}
              value={filter}
              onInput={(event) => setFilter(event.currentTarget.value)}
            />
          </div>
          {live.at > 0 && (
            <Table
              label={texts.services}
              columns={columns}
              rows={rows}
              keyOf={({ key }) => key}
              height={52}
              sorted={sorting}
              sort={({ key, descending }) => setSorting({ key: key as SortKey, descending })}
              empty={live.services.size === 0 ? texts.noServices : texts.nothingFits}
            />
          )}
        </section>
        {page.me.can.health && <Events events={live.events} />}
      </div>
    </>
  );
}

function Alarms() {
  const { live, texts } = usePage();
  const alarms = [...(live.status?.alarms ?? []), ...(live.ha?.problems ?? [])];
  const blind = live.status?.blind ? [texts.blind] : [];
  return (
    <section class="alarms" role="alert" aria-label={texts.alarms}>
      {[...blind, ...alarms].map((alarm) => (
        <p key={alarm} class="note bad">
          <strong>{texts.alarm}</strong> {alarm}
        </p>
      ))}
    </section>
  );
}

function Tiles({ all, page }: { readonly all: Totals; readonly page: PageContext }) {
  const { texts, live, me } = page;
  return (
    <dl class="tiles">
      <Tile label={texts.services} value={short(all.services)} />
      <Tile
        label={me.can.health ? texts.serversUp : texts.servers}
        value={me.can.health ? texts.ofAll(all.up, all.servers) : all.servers}
        more={all.down > 0 ? <span class="state down">▼ {texts.countDown(all.down)}</span> : undefined}
      />
      <Tile label={texts.connectionRate} value={short(all.rates.connections)} />
      <Tile
        label={texts.traffic}
        value={byteRate(all.rates.inBytes)}
        more={texts.out(byteRate(all.rates.outBytes))}
      />
      <Tile label={texts.activeConnections} value={short(all.active)} />
      {live.status && (
        <Tile
          label={texts.generation}
          value={live.status.generation.applied}
          more={texts.runs(duration(live.status.uptime))}
        />
      )}
      {live.ha && <Tile label={texts.role} value={texts.roles[live.ha.role]} />}
    </dl>
  );
}

function columnsFor(texts: PageContext['texts']): Column<OverviewService>[] {
  return [
    {
      id: 'name',
      head: texts.service,
      sort: 'up',
      class: 'wide',
      cell: ({ key, name, scheduler, owner }) => (
        <>
          <a href={linkTo({ view: 'service', key })}>{name}</a>
          {owner !== 'ours' && <span class={`badge ${owner}`}>{texts.owners[owner]}</span>}
          <small class="mono">
            {name !== key && `${key} · `}
            {scheduler}
          </small>
        </>
      ),
    },
    {
      id: 'health',
      head: texts.servers,
      sort: 'down',
      class: 'wide',
      cell: (service) => <HealthBar service={service} />,
    },
    {
      id: 'connections',
      head: texts.connectionRate,
      sort: 'down',
      class: 'number from-500',
      cell: ({ rates }) => short(rates.connections),
    },
    {
      id: 'inBytes',
      head: texts.traffic,
      sort: 'down',
      class: 'number from-800',
      cell: ({ rates }) => (
        <>
          <span title={texts.in}>{byteRate(rates.inBytes)}</span>
          <small title={texts.outOnly}>{byteRate(rates.outBytes)}</small>
        </>
      ),
    },
    {
      id: 'active',
      head: texts.active,
      sort: 'down',
      class: 'number from-650',
      cell: ({ active, inactive }) => (
        <>
          {short(active)}
          <small>{texts.inactive(short(inactive))}</small>
        </>
      ),
    },
  ];
}

/** Beside the services where there is room, otherwise above them: below ten thousand nobody finds it. */
function Events({ events }: { readonly events: readonly DirectorEvent[] }) {
  const { texts } = usePage();
  const roomy = useMedia('(min-width: 1200px)');
  const list = <EventList events={events} />;
  if (roomy)
    return (
      <section class="events" aria-labelledby="events">
        <h2 id="events">{texts.lastEvents}</h2>
        {list}
      </section>
    );
  return (
    <details class="events card">
      <summary>
        {texts.lastEvents} <span class="muted">{events[0]?.text}</span>
      </summary>
      {list}
    </details>
  );
}

export function EventList({ events }: { readonly events: readonly DirectorEvent[] }) {
  const { texts } = usePage();
  if (events.length === 0) return <p class="empty">{texts.noEvents}</p>;
  return (
    <ol class="event-list">
      {events.map(({ id, at, kind, text }) => (
        <li key={id} class={kind}>
          <Time at={at} />
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
