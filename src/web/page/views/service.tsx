/** One service: its servers, their health, an hour of its rates. */
import { useMemo, useState } from 'preact/hooks';
import type { RateHistory, ServiceDetail, ServiceServer } from '../../contract';
import { may, usePage } from '../context';
import { useLoaded } from '../hooks';
import { useSend } from '../parts/actions';
import { Chart } from '../parts/chart';
import { FormDialog } from '../parts/dialog';
import { HealthBar } from '../parts/health';
import { Copy, Tile } from '../parts/small';
import { Table } from '../parts/table';
import { byteRate, short } from '../state/format';
import { linkTo } from '../state/route';
import { byName } from '../state/services';
import { ServerDialog } from './server';
import { serverColumns } from './server-columns';

export function Service({ id, server }: { readonly id: string; readonly server: string | undefined }) {
  const page = usePage();
  const { live, texts } = page;
  const service = live.service?.key === id || live.service === null ? live.service : undefined;
  if (service === undefined) return <p class="empty">{texts.loading}</p>;
  if (service === null)
    return (
      <>
        <h1>{id}</h1>
        <p class="empty">{texts.serviceGone}</p>
        <p>
          <a href="#/">{texts.overview}</a>
        </p>
      </>
    );
  const chosen = service.servers.find(({ key }) => key === server);
  return (
    <>
      <p class="crumbs">
        <a href="#/">{texts.overview}</a> <span aria-hidden="true">/</span> {service.key}
      </p>
      <Head service={service} />
      <Rates id={id} />
      <Servers service={service} />
      {chosen && (
        <ServerDialog
          target={{ service: service.key, server: chosen }}
          close={() => {
            location.hash = linkTo({ view: 'service', key: id });
          }}
        />
      )}
    </>
  );
}

function Head({ service }: { readonly service: ServiceDetail }) {
  const { texts, me } = usePage();
  const send = useSend();
  const [adopting, setAdopting] = useState(false);
  const { owner, rule, rates } = service;
  return (
    <>
      <h1>
        {service.name} {owner !== 'ours' && <span class={`badge ${owner}`}>{texts.owners[owner]}</span>}
      </h1>
      {service.comment !== null && <p class="comment">{service.comment}</p>}
      {rule === '' ? (
        <p class="note warn">{texts.serviceGone}</p>
      ) : (
        <p class="rule">
          <code>{rule}</code> <Copy text={rule} label={texts.rule} />
        </p>
      )}
      {owner === 'contested' && <p class="note warn">{texts.contestedMeaning}</p>}
      {owner !== 'ours' && me.can.health && may(me, 'operate') && (
        <p>
          <button type="button" onClick={() => setAdopting(true)}>
            {texts.adopt}
          </button>
        </p>
      )}
      {adopting && (
        <FormDialog
          title={`${texts.adopt}: ${service.name}`}
          done={texts.adopt}
          close={() => setAdopting(false)}
          send={() => send('adopt', { service: service.key })}
        >
          <p>{texts.adoptMeaning}</p>
        </FormDialog>
      )}
      <dl class="tiles">
        <Tile label={texts.servers} value={<HealthBar service={service} />} />
        <Tile label={texts.connectionRate} value={short(rates.connections)} />
        <Tile
          label={texts.traffic}
          value={byteRate(rates.inBytes)}
          more={texts.out(byteRate(rates.outBytes))}
        />
        <Tile
          label={texts.activeConnections}
          value={short(service.active)}
          more={texts.inactive(short(service.inactive))}
        />
      </dl>
    </>
  );
}

function Rates({ id }: { readonly id: string }) {
  const { texts, live } = usePage();
  // Asked for every ten seconds: the messages of the stream are its clock.
  const { value } = useLoaded<RateHistory>(`rates/${encodeURIComponent(id)}`, Math.floor(live.at / 10_000));
  const lines = useMemo(() => {
    if (!value) return undefined;
    const { connections, inBytes, outBytes, active } = value.series;
    return {
      connections: [{ name: texts.connectionRate, colour: 'line-1', values: connections }],
      bytes: [
        { name: texts.in, colour: 'line-1', values: inBytes },
        { name: texts.outOnly, colour: 'line-2', dash: [5, 3], values: outBytes },
      ],
      active: [{ name: texts.active, colour: 'line-1', values: active }],
    };
  }, [value, texts]);
  if (!value || !lines) return <div class="charts" />;
  const common = { from: value.from, step: value.step };
  return (
    <section class="charts" aria-labelledby="last-hour">
      <h2 class="hidden" id="last-hour">
        {texts.lastHour}
      </h2>
      <Chart {...common} title={texts.connectionRate} lines={lines.connections} format={short} />
      <Chart {...common} title={texts.traffic} lines={lines.bytes} format={byteRate} />
      <Chart {...common} title={texts.activeConnections} lines={lines.active} format={short} />
    </section>
  );
}

function Servers({ service }: { readonly service: ServiceDetail }) {
  const page = usePage();
  const { texts } = page;
  const [filter, setFilter] = useState('');
  const rows = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/);
    const fits = ({ name, comment, key, health }: ServiceServer) => {
      const text =
        `${name} ${comment ?? ''} ${key} ${health?.state ?? ''} ${health?.admin ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    return service.servers.filter(fits).sort(byName);
  }, [service, filter]);
  const columns = useMemo(() => serverColumns(page, service.key), [page.me, texts, service.key]);
  return (
    <section aria-labelledby="servers">
      <div class="bar-of-tools">
        <h2 id="servers">{texts.servers}</h2>
        <input
          type="search"
          aria-label={texts.filterServers}
          placeholder={texts.filterServers}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <Table
        label={texts.servers}
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
        height={service.servers.some(({ comment }) => comment !== null) ? 76 : 56}
        empty={service.servers.length === 0 ? texts.noServers : texts.nothingFits}
      />
    </section>
  );
}
