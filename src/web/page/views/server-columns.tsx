/** The columns of the table of real servers. */
import type { ServiceServer } from '../../contract';
import { may, type PageContext } from '../context';
import { ServerActions } from '../parts/actions';
import { Admin, Share, State, Strip } from '../parts/health';
import type { Column } from '../parts/table';
import { byteRate, percent, short } from '../state/format';
import { linkTo } from '../state/route';

export function serverColumns({ texts, me }: PageContext, service: string): Column<ServiceServer>[] {
  const columns: (Column<ServiceServer> & { readonly if?: boolean })[] = [
    {
      id: 'name',
      head: texts.server,
      class: 'wide',
      cell: ({ key, name, comment, forwarding }) => (
        <>
          <a href={linkTo({ view: 'service', key: service, server: key })}>{name}</a>
          <small class="mono">{[name !== key && key, forwarding].filter(Boolean).join(' · ')}</small>
          {comment !== null && <small title={comment}>{comment}</small>}
        </>
      ),
    },
    {
      id: 'state',
      head: texts.state,
      if: me.can.health,
      cell: ({ health }) =>
        health ? (
          <>
            <State state={health.state} />
            <small>
              <Admin admin={health.admin} />
              {health.admin === 'ready' && health.override?.weight !== undefined && texts.weightByHand}
            </small>
          </>
        ) : (
          <span class="muted">{texts.unchecked}</span>
        ),
    },
    {
      id: 'results',
      head: texts.lastChecks,
      class: 'from-800',
      if: me.can.health,
      cell: ({ health }) => <Strip results={health?.results ?? []} />,
    },
    {
      id: 'weight',
      head: texts.weight,
      class: 'number',
      cell: ({ weight }) => weight ?? <span class="muted">{texts.notThere}</span>,
    },
    {
      id: 'share',
      head: texts.share,
      class: 'from-650 share-column',
      cell: ({ share, meant }) => (
        <>
          <Share share={share} meant={meant} />
          <small>{texts.shareOf(percent(share), percent(meant))}</small>
        </>
      ),
    },
    {
      id: 'connections',
      head: texts.connections,
      class: 'number from-500',
      cell: ({ active, inactive }) => (
        <>
          {short(active)}
          <small>{texts.inactive(short(inactive))}</small>
        </>
      ),
    },
    {
      id: 'rate',
      head: texts.connectionRate,
      class: 'number from-1000',
      cell: ({ rates }) => (
        <>
          {short(rates.connections)}
          <small>{byteRate(rates.inBytes)}</small>
        </>
      ),
    },
    {
      id: 'actions',
      head: texts.actions,
      class: 'number from-500',
      if: me.can.health && may(me, 'operate'),
      cell: (server) => <ServerActions target={{ service, server }} brief />,
    },
  ];
  return columns.filter((column) => column.if !== false);
}
