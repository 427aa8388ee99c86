/** The connections of the kernel: those asked for, or how many of each kind. */
import { useState } from 'preact/hooks';
import type { ConnectionList, ConnectionSummary } from '../../contract';
import { get, query } from '../api';
import { type PageContext, problemText, usePage } from '../context';
import { Field, Problem } from '../parts/small';
import { type Column, Table } from '../parts/table';
import { percent, seconds } from '../state/format';

type Row = ConnectionList['rows'][number];
type Answer =
  | { readonly kind: 'rows'; readonly list: ConnectionList }
  | { readonly kind: 'counts'; readonly summary: ConnectionSummary };

const summaries = ['client', 'server', 'service', 'state'] as const;
const filters = ['client', 'service', 'server', 'state'] as const;

export function Connections() {
  const { texts } = usePage();
  const [answer, setAnswer] = useState<Answer>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string) => String(form.get(name) ?? '').trim();
    const wanted = Object.fromEntries(filters.map((name) => [name, value(name)]));
    const summary = value('summary');
    setBusy(true);
    setProblem(undefined);
    try {
      if (summary === '') {
        const list = await get<ConnectionList>(`connections?${query(wanted)}`);
        setAnswer({ kind: 'rows', list });
      } else {
        const path = `connections?${query({ ...wanted, summary, top: value('top') })}`;
        setAnswer({ kind: 'counts', summary: await get<ConnectionSummary>(path) });
      }
    } catch (error) {
      setProblem(problemText(error, texts));
    }
    setBusy(false);
  };
  return (
    <>
      <h1>{texts.connectionsView}</h1>
      <form class="query card" onSubmit={submit}>
        {filters.map((name) => (
          <Field key={name} label={texts.connectionFields[name]}>
            <input name={name} autocomplete="off" spellcheck={false} placeholder={placeholders[name]} />
          </Field>
        ))}
        <Field label={texts.show}>
          <select name="summary" defaultValue="">
            <option value="">{texts.theConnections}</option>
            {summaries.map((by) => (
              <option key={by} value={by}>
                {texts.countsBy(texts.connectionFields[by])}
              </option>
            ))}
          </select>
        </Field>
        <Field label={texts.top}>
          <input name="top" type="number" min="1" max="1000" defaultValue="20" />
        </Field>
        <button type="submit" class="main" disabled={busy}>
          {texts.ask}
        </button>
      </form>
      <Problem text={problem} />
      <div role="status">
        {answer?.kind === 'rows' && texts.foundConnections(answer.list.total, answer.list.rows.length)}
        {answer?.kind === 'counts' && texts.foundConnections(answer.summary.total, answer.summary.total)}
      </div>
      {answer?.kind === 'rows' && (
        <Table
          label={texts.theConnections}
          columns={columnsFor(texts)}
          rows={answer.list.rows}
          keyOf={(_, index) => index}
          height={34}
          empty={texts.noConnections}
        />
      )}
      {answer?.kind === 'counts' && <Counts summary={answer.summary} />}
    </>
  );
}

const placeholders = {
  client: '198.51.100.0/24',
  service: 'tcp:192.0.2.10:80',
  server: '10.0.0.17:80',
  state: 'ESTABLISHED',
} as const;

function columnsFor(texts: PageContext['texts']): Column<Row>[] {
  const { connectionFields: names } = texts;
  return [
    { id: 'client', head: names.client, class: 'mono wide', cell: ({ client }) => client },
    {
      id: 'service',
      head: names.service,
      class: 'mono from-650',
      cell: ({ protocol, service }) => `${protocol} ${service}`,
    },
    { id: 'server', head: names.server, class: 'mono', cell: ({ server }) => server },
    { id: 'state', head: names.state, class: 'from-500', cell: ({ state }) => state },
    {
      id: 'expires',
      head: texts.expires,
      class: 'number from-800',
      cell: ({ expires }) => seconds(expires * 1000),
    },
  ];
}

function Counts({ summary }: { readonly summary: ConnectionSummary }) {
  const { texts } = usePage();
  const most = Math.max(1, ...summary.counts.map(({ count }) => count));
  if (summary.counts.length === 0) return <p class="empty">{texts.noConnections}</p>;
  return (
    <table class="plain counts-table" aria-label={texts.counts}>
      <thead>
        <tr>
          <th scope="col">{texts.what}</th>
          <th scope="col" class="number">
            {texts.count}
          </th>
          <th scope="col" class="number">
            {texts.part}
          </th>
          <th scope="col" class="from-500">
            <span class="hidden">{texts.part}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {summary.counts.map(({ what, count }) => (
          <tr key={what}>
            <th scope="row" class="mono">
              {what}
            </th>
            <td class="number">{count}</td>
            <td class="number">{percent(summary.total > 0 ? count / summary.total : 0)}</td>
            <td class="from-500">
              <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="value" x="0" y="1" width={(100 * count) / most} height="6" />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
