/** Fields of the document as inputs. They are taken when they are left, or by Enter. */
import { createContext } from 'preact';
import { useContext, useEffect, useId, useState } from 'preact/hooks';
import type { DocumentEdit } from '../../../contract';
import { fieldLabel, usePage } from '../../context';
import { editFor, hintOf, isObject, type Path, valueAt } from '../../state/document';
import { type FormField, readField, writeField } from '../../state/fields';

export interface Editing {
  readonly document: unknown;
  readonly schema: unknown;
  edit(make: (document: unknown) => readonly DocumentEdit[]): void;
}

export const EditContext = createContext<Editing>(undefined as never);

export function useEditing(): Editing {
  return useContext(EditContext);
}

/** The fields of an object of the document, each with its label. */
export function Fields(props: {
  readonly at: Path;
  readonly fields: readonly FormField[];
  readonly type?: string;
}) {
  const { document } = useEditing();
  // The field of a check that only another type has is shown as long as it is there.
  const own = props.fields.filter(
    ({ types, path }) =>
      !types || types.includes(props.type ?? '') || valueAt(document, [...props.at, ...path]) !== undefined,
  );
  return (
    <div class="fields">
      {own.map((field) => {
        const path = [...props.at, ...field.path];
        return <LabelledInput key={path.join('/')} field={field} path={path} />;
      })}
    </div>
  );
}

function LabelledInput(props: { readonly field: FormField; readonly path: Path }) {
  const { texts } = usePage();
  const { schema } = useEditing();
  const id = useId();
  const name = props.field.path.join('.');
  return (
    <div class="field" title={hintOf(schema, props.path)}>
      <label for={id}>{fieldLabel(texts, name)}</label>
      <Input id={id} field={props.field} path={props.path} />
    </div>
  );
}

/** @param label of an input without a label that is seen. */
export function Input(props: {
  readonly id?: string;
  readonly label?: string;
  readonly field: FormField;
  readonly path: Path;
}) {
  const { texts } = usePage();
  const { document, edit } = useEditing();
  const { field, path } = props;
  const written = writeField(valueAt(document, path));
  const [typed, setTyped] = useState(written ?? '');
  useEffect(() => setTyped(written ?? ''), [written]);
  const list = useId();
  const offers = field.path.at(-1) === 'check' ? namesOfChecks(document) : field.offers;
  const take = (text: string) => {
    if (text.trim() === (written ?? '')) return setTyped(written ?? '');
    const value = readField(field.kind, text);
    edit((now) => [editFor(now, path, value)]);
  };
  const common = { id: props.id, 'aria-label': props.label };
  if (written === undefined) return <input {...common} disabled value={texts.inText} />;
  if (field.options || field.kind === 'flag') {
    const options = field.options ?? ['true', 'false'];
    const others = written === '' || options.includes(written) ? [] : [written];
    return (
      <select {...common} value={written} onChange={(event) => take(event.currentTarget.value)}>
        <option value="">{texts.byDefault}</option>
        {[...options, ...others].map((option) => (
          <option key={option} value={option}>
            {field.kind === 'flag' ? (option === 'true' ? texts.yes : texts.no) : option}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <input
        {...common}
        value={typed}
        inputMode={field.kind === 'number' ? 'numeric' : undefined}
        list={offers ? list : undefined}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={(event) => take(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget.value);
          if (event.key === 'Escape') setTyped(written);
        }}
      />
      {offers && (
        <datalist id={list}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
    </>
  );
}

function namesOfChecks(document: unknown): readonly string[] {
  const checks = valueAt(document, ['checks']);
  return isObject(checks) ? Object.keys(checks) : [];
}
