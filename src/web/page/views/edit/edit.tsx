/** The document: form and text side by side, what is wrong with it, and what it would change. */
import { useMemo, useRef } from 'preact/hooks';
import type { DocumentProblem, Preview } from '../../../contract';
import { may, usePage } from '../../context';
import { useLoaded } from '../../hooks';
import { Diff, Problem } from '../../parts/small';
import { isObject } from '../../state/document';
import { differingLines, offsetOf } from '../../state/lines';
import { Apply } from './apply';
import { type Draft, useDraft } from './draft';
import { Form } from './form';
import { EditContext } from './inputs';
import { TextPane } from './text-pane';

export function Edit() {
  const { me, texts } = usePage();
  if (!me.can.document || !may(me, 'edit')) return <p class="note warn">{texts.noEdit}</p>;
  return <Editor />;
}

function Editor() {
  const { texts } = usePage();
  const tools = useDraft();
  const { draft, problem, busy } = tools;
  const schema = useLoaded<unknown>('schema');
  const area = useRef<HTMLTextAreaElement>(null);
  if (!draft)
    return (
      <>
        <h1>{texts.edit}</h1>
        <Problem text={problem} />
        {problem === undefined && <p class="empty">{texts.loading}</p>}
      </>
    );
  const problems = draft.preview?.problems ?? [];
  const changed = draft.text !== draft.base.text;
  const checked = draft.previewed === draft.text;
  const broken = draft.preview !== undefined && !isObject(draft.preview.document);
  const goTo = ({ line, column }: DocumentProblem) => {
    const { current } = area;
    if (!current || line === null) return;
    const offset = offsetOf(draft.text, line, column ?? 1);
    current.focus();
    current.setSelectionRange(offset, offset);
    current.scrollTop = Math.max(0, (line - 6) * 20);
  };
  return (
    <>
      <div class="bar-of-tools">
        <h1>{texts.edit}</h1>
        <p class="muted">
          {draft.base.name} · {texts.generation} {draft.base.generation}{' '}
          {changed && <span class="badge contested">{texts.notApplied}</span>}
        </p>
        <span class="buttons">
          <button type="button" disabled={draft.past.length === 0} onClick={tools.undo}>
            {texts.undo}
          </button>
          <button type="button" disabled={draft.future.length === 0} onClick={tools.redo}>
            {texts.redo}
          </button>
          <button type="button" disabled={!changed} onClick={() => void tools.load({ remember: true })}>
            {texts.discard}
          </button>
          <Apply tools={tools} draft={draft} ready={changed && checked && problems.length === 0 && !busy} />
        </span>
      </div>
      <Problem text={problem} />
      <div class="editor">
        <section class="form-pane" aria-labelledby="form" inert={broken}>
          <h2 class="hidden" id="form">
            {texts.form}
          </h2>
          {broken && isObject(draft.document) && <p class="note warn">{texts.formWaits}</p>}
          <EditContext.Provider value={{ document: draft.document, schema: schema.value, edit: tools.edit }}>
            <Form />
          </EditContext.Provider>
        </section>
        <section class="text-side" aria-label={texts.text}>
          <TextPane
            name={draft.base.name}
            text={draft.text}
            problems={problems}
            area={area}
            change={(text) => tools.setText(text)}
          />
          <Findings preview={draft.preview} checked={checked} goTo={goTo} />
          <Changes draft={draft} />
        </section>
      </div>
    </>
  );
}

const SHOWN = 100;

/** Problems and notes, each of which leads to its place. */
function Findings(props: {
  readonly preview: Preview | undefined;
  readonly checked: boolean;
  readonly goTo: (problem: DocumentProblem) => void;
}) {
  const { texts } = usePage();
  const { preview } = props;
  const all = [
    ...(preview?.problems ?? []).map((problem) => ({ problem, class: 'bad' })),
    ...(preview?.notes ?? []).map((problem) => ({ problem, class: 'mild' })),
  ];
  const shown = all.slice(0, SHOWN);
  return (
    <div id="problems" class="problems" aria-live="polite">
      {!props.checked && <p class="muted">{texts.checking}</p>}
      {props.checked && preview?.problems.length === 0 && (
        <p class="state up">
          <span aria-hidden="true">●</span> {texts.noProblems}
        </p>
      )}
      <ul>
        {shown.map(({ problem, class: kind }, index) => (
          <li key={index}>
            <button type="button" class={kind} onClick={() => props.goTo(problem)}>
              {problem.line !== null && (
                <b class="mono">
                  {problem.line}:{problem.column ?? 1}
                </b>
              )}{' '}
              {kind === 'mild' && `${texts.note}: `}
              {problem.message}
              {problem.hint !== null && <small>{problem.hint}</small>}
            </button>
          </li>
        ))}
      </ul>
      {all.length > SHOWN && <p class="muted">… {all.length - SHOWN}</p>}
    </div>
  );
}

/** What would be sent to the kernel, and what differs in the text. */
function Changes({ draft }: { readonly draft: Draft }) {
  const { texts } = usePage();
  const { text, base, preview } = draft;
  const lines = useMemo(() => (text === base.text ? [] : differingLines(base.text, text)), [text, base.text]);
  const changes = preview?.changes ?? [];
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">{texts.preview}</h2>
      {text === base.text && changes.length === 0 && <p class="empty">{texts.nothingChanged}</p>}
      <div class="stack">
        {text !== base.text && preview?.problems.length === 0 && (
          <div>
            <h3>{texts.changesOfTable(changes.length)}</h3>
            {changes.length > 0 && <Diff label={texts.changesOfTable(changes.length)} lines={changes} />}
          </div>
        )}
        {lines.length > 0 && (
          <div>
            <h3>{texts.changesOfText}</h3>
            <Diff label={texts.changesOfText} lines={lines} />
          </div>
        )}
      </div>
    </section>
  );
}
