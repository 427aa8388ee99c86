/** The documents that were in use, and what was done through the page. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Generation } from '../../../director/types';
import type { AuditEntry, DocumentNow, GenerationText } from '../../contract';
import { get } from '../api';
import { may, problemText, usePage } from '../context';
import { useLoaded } from '../hooks';
import { useSend } from '../parts/actions';
import { FormDialog } from '../parts/dialog';
import { Diff, Problem, Scrolled, ScrolledTable } from '../parts/small';
import { type Column, Table } from '../parts/table';
import { Time } from '../parts/time';
import { differingLines } from '../state/lines';

export function History() {
  const { me, texts } = usePage();
  return (
    <>
      <h1>{texts.history}</h1>
      {me.can.generations && <Generations />}
      <Audit />
    </>
  );
}

function Generations() {
  const { me, live, texts } = usePage();
  const send = useSend();
  const { value, problem } = useLoaded<readonly Generation[]>(
    'generations',
    JSON.stringify(live.status?.generation),
  );
  const [shown, setShown] = useState<number>();
  const [back, setBack] = useState<number>();
  const used = live.status?.generation.applied;
  return (
    <section aria-labelledby="generations">
      <h2 id="generations">{texts.generations}</h2>
      <Problem text={problem} />
      <ScrolledTable label={texts.generations}>
        <table class="plain" aria-labelledby="generations">
          <thead>
            <tr>
              <th scope="col">{texts.generation}</th>
              <th scope="col">{texts.time}</th>
              <th scope="col">{texts.author}</th>
              <th scope="col">SHA-256</th>
              <th scope="col">{texts.state}</th>
              {may(me, 'edit') && <th scope="col">{texts.actions}</th>}
            </tr>
          </thead>
          <tbody>
            {value?.map((generation) => {
              const { number, at, author, sha256 } = generation;
              return (
                <tr key={number} class={number === shown ? 'chosen' : ''}>
                  <th scope="row">{number}</th>
                  <td>
                    <Time at={at} />
                  </td>
                  <td>{author}</td>
                  <td class="mono">{sha256.slice(0, 12)}</td>
                  <td>{number === used ? <b>{texts.inUse}</b> : stateOf(generation, texts)}</td>
                  {may(me, 'edit') && (
                    <td class="buttons">
                      <button
                        type="button"
                        class="small"
                        aria-expanded={number === shown}
                        aria-label={`${texts.show} ${number}`}
                        onClick={() => setShown(number === shown ? undefined : number)}
                      >
                        {texts.show}
                      </button>
                      {number !== used && (
                        <button
                          type="button"
                          class="small"
                          aria-label={`${texts.rollBack} ${number}`}
                          onClick={() => setBack(number)}
                        >
                          {texts.rollBack}
                        </button>
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrolledTable>
      {shown !== undefined && <GenerationShown number={shown} used={used} />}
      {back !== undefined && (
        <FormDialog
          title={texts.rollBackTo(back)}
          done={texts.rollBack}
          danger
          close={() => setBack(undefined)}
          send={() => send('rollback', { generation: back })}
        >
          <p>{texts.rollBackMeaning(back)}</p>
        </FormDialog>
      )}
    </section>
  );
}

function stateOf({ applied, confirmUntil }: Generation, texts: ReturnType<typeof usePage>['texts']) {
  if (confirmUntil !== undefined) return texts.waitsForConfirmation;
  return applied ? texts.wasApplied : texts.notApplied;
}

/** The text of a generation, and what differs from it in the one in use. */
function GenerationShown({ number, used }: { readonly number: number; readonly used: number | undefined }) {
  const { texts } = usePage();
  const [found, setFound] = useState<{ text: GenerationText; now: DocumentNow }>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let over = false;
    setFound(undefined);
    setProblem(undefined);
    Promise.all([get<GenerationText>(`generations/${number}`), get<DocumentNow>('document')]).then(
      ([text, now]) => over || setFound({ text, now }),
      (error) => over || setProblem(problemText(error, texts)),
    );
    return () => {
      over = true;
    };
  }, [number, used]);
  const lines = useMemo(() => found && differingLines(found.text.text, found.now.text), [found]);
  if (!found || !lines) return problem === undefined ? <p>{texts.loading}</p> : <Problem text={problem} />;
  const { text, now } = found;
  return (
    <div class="two">
      <div>
        <h3>{texts.textOf(number, text.name)}</h3>
        <Scrolled class="text-shown" label={texts.textOf(number, text.name)}>
          {text.text}
        </Scrolled>
      </div>
      <div>
        <h3>{texts.since0(number, now.generation)}</h3>
        {lines.length === 0 ? (
          <p class="empty">{texts.sameText}</p>
        ) : (
          <Diff label={texts.since0(number, now.generation)} lines={lines} />
        )}
      </div>
    </div>
  );
}

function Audit() {
  const { live, texts } = usePage();
  const { value, problem, busy, again } = useLoaded<readonly AuditEntry[]>(
    'audit',
    JSON.stringify(live.status?.generation),
  );
  const columns: Column<AuditEntry>[] = [
    { id: 'at', head: texts.time, cell: ({ at }) => <Time at={at} /> },
    {
      id: 'author',
      head: texts.author,
      cell: ({ author, role, from }) => (
        <>
          {author}
          <small>
            {role} · {from}
          </small>
        </>
      ),
    },
    {
      id: 'action',
      head: texts.action,
      class: 'wide',
      cell: ({ action, outcome, ok }) => (
        <>
          <span title={action}>{action}</span>
          <small class={ok ? '' : 'state down'} title={outcome}>
            {!ok && `▼ ${texts.refused}: `}
            {outcome}
          </small>
        </>
      ),
    },
  ];
  return (
    <section aria-labelledby="audit">
      <div class="bar-of-tools">
        <h2 id="audit">{texts.audit}</h2>
        <button type="button" class="small" disabled={busy} onClick={again}>
          {texts.refresh}
        </button>
      </div>
      <Problem text={problem} />
      {value && (
        <Table
          label={texts.audit}
          columns={columns}
          rows={value}
          keyOf={(_, index) => index}
          empty={texts.noAudit}
        />
      )}
    </section>
  );
}
