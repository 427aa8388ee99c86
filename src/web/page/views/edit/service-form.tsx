/** One service of the document, with its servers. */
import { useState } from 'preact/hooks';
import { usePage } from '../../context';
import { FormDialog } from '../../parts/dialog';
import { Field } from '../../parts/small';
import { additionTo, isObject, listAt, type Path, titleOf, valueAt } from '../../state/document';
import { checkFields, forwardings, serverFields, serviceFields } from '../../state/fields';
import { Fields, useEditing } from './inputs';

const SHOWN = 50;
/** The first fields of a server; the others are shown when they are asked for. */
const first = ['name', 'address', 'port', 'weight'];
const firstFields = serverFields.filter(({ path }) => first.includes(path.join('.')));

export function ServiceForm({ index, close }: { readonly index: number; readonly close: () => void }) {
  const { texts } = usePage();
  const { document, edit } = useEditing();
  const [removing, setRemoving] = useState(false);
  const at = ['services', index] as const;
  const title = titleOf(valueAt(document, at));
  return (
    <section aria-label={title}>
      <div class="bar-of-tools">
        <button type="button" onClick={close}>
          <span aria-hidden="true">←</span> {texts.allServices}
        </button>
        <h2>{title}</h2>
        <button type="button" class="danger" onClick={() => setRemoving(true)}>
          {texts.removeService}
        </button>
      </div>
      <div class="card">
        <Fields at={at} fields={serviceFields} />
      </div>
      <OwnCheck at={[...at, 'check']} />
      <Servers at={[...at, 'servers']} />
      {removing && (
        <FormDialog
          title={`${texts.removeService}: ${title}`}
          done={texts.remove}
          danger
          close={() => setRemoving(false)}
          send={async () => {
            edit(() => [{ path: at }]);
            close();
          }}
        >
          <p>{texts.removeMeaning}</p>
        </FormDialog>
      )}
    </section>
  );
}

/** The check of a service that has no name, but its fields in the service itself. */
function OwnCheck({ at }: { readonly at: Path }) {
  const { texts } = usePage();
  const { document } = useEditing();
  const check = valueAt(document, at);
  if (!isObject(check)) return null;
  return (
    <section class="card" aria-labelledby="form-check">
      <h2 id="form-check">{texts.fields.check}</h2>
      <Fields at={at} fields={checkFields} type={String(check.type)} />
    </section>
  );
}

function Servers({ at }: { readonly at: Path }) {
  const { texts } = usePage();
  const { document, edit } = useEditing();
  const [most, setMost] = useState(SHOWN);
  const [filter, setFilter] = useState('');
  const [adding, setAdding] = useState(false);
  const servers = listAt(document, at);
  const found = servers
    .map((server, index) => ({ index, title: titleOf(server), address: valueAt(server, ['address']) }))
    .filter(({ title, address }) => `${title} ${address}`.toLowerCase().includes(filter.toLowerCase()));
  return (
    <section class="card" aria-labelledby="form-servers">
      <div class="bar-of-tools">
        <h3 id="form-servers">
          {texts.servers} <span class="muted">{servers.length}</span>
        </h3>
        {servers.length > 10 && (
          <input
            type="search"
            aria-label={texts.filterServers}
            placeholder={texts.filterServers}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        )}
        <button type="button" onClick={() => setAdding(true)}>
          {texts.addServer}
        </button>
      </div>
      {found.slice(0, most).map(({ index, title }) => (
        <Server key={`${index} ${title}`} at={[...at, index]} title={title} />
      ))}
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + SHOWN)}>
          {texts.showMore(found.length - most)}
        </button>
      )}
      {adding && (
        <FormDialog
          title={texts.addServer}
          done={texts.add}
          close={() => setAdding(false)}
          send={async (form) => {
            const value = (name: string) => String(form.get(name) ?? '').trim();
            const server = {
              ...(value('name') !== '' && { name: value('name') }),
              address: value('address'),
              ...(value('port') !== '' && { port: Number(value('port')) }),
              ...(value('forwarding') !== '' && { forwarding: value('forwarding') }),
              ...(value('weight') !== '' && { weight: Number(value('weight')) }),
            };
            edit((now) => [additionTo(now, at, server)]);
          }}
        >
          <Field label={texts.fields.name}>
            <input name="name" autocomplete="off" />
          </Field>
          <Field label={texts.fields.address}>
            <input name="address" required autocomplete="off" placeholder="10.0.0.17" />
          </Field>
          <Field label={texts.fields.port}>
            <input name="port" type="number" min="0" max="65535" />
          </Field>
          <Field label={texts.fields.forwarding}>
            <select name="forwarding" defaultValue={forwardingOf(servers)}>
              <option value="">{texts.byDefault}</option>
              {forwardings.map((forwarding) => (
                <option key={forwarding}>{forwarding}</option>
              ))}
            </select>
          </Field>
          <Field label={texts.fields.weight}>
            <input name="weight" type="number" min="0" />
          </Field>
        </FormDialog>
      )}
    </section>
  );
}

/** Servers of one service are mostly alike. */
function forwardingOf(servers: readonly unknown[]): string {
  const last = valueAt(servers.at(-1), ['forwarding']);
  return typeof last === 'string' ? last : '';
}

function Server({ at, title }: { readonly at: Path; readonly title: string }) {
  const { texts } = usePage();
  const { edit } = useEditing();
  const [more, setMore] = useState(false);
  return (
    <fieldset class="server-form">
      <legend>{title}</legend>
      <Fields at={at} fields={more ? serverFields : firstFields} />
      <div class="buttons">
        <button
          type="button"
          class="small"
          aria-expanded={more}
          aria-label={`${texts.moreFields}: ${title}`}
          onClick={() => setMore(!more)}
        >
          {more ? texts.fewerFields : texts.moreFields}
        </button>
        <button
          type="button"
          class="small"
          aria-label={`${texts.removeServer}: ${title}`}
          onClick={() => edit(() => [{ path: at }])}
        >
          {texts.remove}
        </button>
      </div>
    </fieldset>
  );
}
