/** The document as a form: the director, named checks, and services, of which one is open. */
import { useMemo, useState } from 'preact/hooks';
import { usePage } from '../../context';
import { Dialog } from '../../parts/dialog';
import { Field } from '../../parts/small';
import { additionTo, isObject, listAt, titleOf, valueAt } from '../../state/document';
import { checkFields, checkTypes, directorFields, protocols, schedulerNames } from '../../state/fields';
import { Fields, useEditing } from './inputs';
import { ServiceForm } from './service-form';

const SHOWN = 100;

export function Form() {
  const { texts } = usePage();
  const { document } = useEditing();
  const [open, setOpen] = useState<number>();
  if (!isObject(document)) return <p class="note warn">{texts.noForm}</p>;
  const service = open === undefined ? undefined : listAt(document, ['services'])[open];
  if (open !== undefined && service !== undefined)
    return <ServiceForm key={open} index={open} close={() => setOpen(undefined)} />;
  return (
    <>
      <Services open={setOpen} />
      <details class="card">
        <summary>{texts.directorPart}</summary>
        <Fields at={['director']} fields={directorFields} />
      </details>
      <Checks />
    </>
  );
}

function Services({ open }: { readonly open: (index: number) => void }) {
  const { texts } = usePage();
  const { document, edit } = useEditing();
  const [filter, setFilter] = useState('');
  const [adding, setAdding] = useState(false);
  const services = listAt(document, ['services']);
  const found = useMemo(() => {
    const wanted = filter.toLowerCase();
    return services
      .map((service, index) => ({ index, title: titleOf(service), service }))
      .filter(({ title, service }) => {
        const address = isObject(service) ? String(service.address ?? '') : '';
        return `${title} ${address}`.toLowerCase().includes(wanted);
      });
  }, [services, filter]);
  return (
    <section class="card" aria-labelledby="form-services">
      <div class="bar-of-tools">
        <h2 id="form-services">
          {texts.services} <span class="muted">{services.length}</span>
        </h2>
        <input
          type="search"
          aria-label={texts.filterServices}
          placeholder={texts.filterServices}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <button type="button" onClick={() => setAdding(true)}>
          {texts.addService}
        </button>
      </div>
      <ul class="choices">
        {found.slice(0, SHOWN).map(({ index, title, service }) => (
          <li key={index}>
            <button type="button" onClick={() => open(index)}>
              <b>{title}</b>
              <small class="mono">{summaryOf(service, texts.countServers)}</small>
            </button>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p class="muted">{texts.moreFilter(found.length - SHOWN)}</p>}
      {adding && (
        <AddService
          close={() => setAdding(false)}
          add={(service) => {
            edit((now) => [additionTo(now, ['services'], service)]);
            setAdding(false);
            open(services.length);
          }}
        />
      )}
    </section>
  );
}

function summaryOf(service: unknown, count: (servers: number) => string): string {
  const { protocol, address, port, fwmark, scheduler } = isObject(service) ? service : {};
  const key = fwmark === undefined ? `${protocol} ${address}:${port}` : `fwmark ${fwmark}`;
  return `${key} · ${scheduler ?? 'wlc'} · ${count(listAt(service, ['servers']).length)}`;
}

function AddService(props: { close: () => void; add: (service: Record<string, unknown>) => void }) {
  const { texts } = usePage();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string) => String(form.get(name)).trim();
    props.add({
      ...(value('name') !== '' && { name: value('name') }),
      protocol: value('protocol'),
      address: value('address'),
      port: Number(value('port')),
      scheduler: value('scheduler'),
      servers: [],
    });
  };
  return (
    <Dialog title={texts.addService} close={props.close}>
      <form class="stack" onSubmit={submit}>
        <Field label={texts.fields.name}>
          <input name="name" autocomplete="off" />
        </Field>
        <Field label={texts.fields.protocol}>
          <select name="protocol">
            {protocols.map((protocol) => (
              <option key={protocol}>{protocol}</option>
            ))}
          </select>
        </Field>
        <Field label={texts.fields.address}>
          <input name="address" required autocomplete="off" placeholder="192.0.2.10" />
        </Field>
        <Field label={texts.fields.port}>
          <input name="port" type="number" min="0" max="65535" required />
        </Field>
        <Field label={texts.fields.scheduler}>
          <select name="scheduler" defaultValue="wlc">
            {schedulerNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </Field>
        <footer>
          <button type="button" onClick={props.close}>
            {texts.cancel}
          </button>
          <button type="submit" class="main">
            {texts.add}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The checks that have names. */
function Checks() {
  const { texts } = usePage();
  const { document, edit } = useEditing();
  const checks = valueAt(document, ['checks']);
  const names = isObject(checks) ? Object.keys(checks) : [];
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = new FormData(form);
    const name = String(values.get('name')).trim();
    const type = String(values.get('type'));
    edit(() => [{ path: ['checks', name], value: { type } }]);
    form.reset();
  };
  return (
    <details class="card">
      <summary>
        {texts.namedChecks} <span class="muted">{names.length}</span>
      </summary>
      {names.map((name) => {
        const type = valueAt(checks, [name, 'type']);
        return (
          <fieldset key={name}>
            <legend>{name}</legend>
            <Fields at={['checks', name]} fields={checkFields} type={String(type)} />
            <button
              type="button"
              class="small"
              aria-label={`${texts.remove}: ${name}`}
              onClick={() => edit(() => [{ path: ['checks', name] }])}
            >
              {texts.remove}
            </button>
          </fieldset>
        );
      })}
      <form class="in-line" onSubmit={add}>
        <Field label={texts.fields.name}>
          <input name="name" required pattern="[^\s/]+" autocomplete="off" />
        </Field>
        <Field label={texts.fields.type}>
          <select name="type">
            {checkTypes.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        </Field>
        <button type="submit">{texts.addCheck}</button>
      </form>
    </details>
  );
}
