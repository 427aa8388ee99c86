/** Applies the draft, if nobody else was faster. */
import { useState } from 'preact/hooks';
import type { DocumentNow } from '../../../contract';
import { get, post, Refused } from '../../api';
import { usePage } from '../../context';
import { Dialog, FormDialog } from '../../parts/dialog';
import { Diff, Field } from '../../parts/small';
import { readDuration } from '../../state/format';
import { differingLines } from '../../state/lines';
import type { Draft, DraftTools } from './draft';

export function Apply(props: { readonly tools: DraftTools; readonly draft: Draft; readonly ready: boolean }) {
  const { me, texts, say } = usePage();
  const { tools, draft } = props;
  const [asking, setAsking] = useState(false);
  const [other, setOther] = useState<DocumentNow>();
  const send = async (values: FormData) => {
    const { text, base } = draft;
    const typed = String(values.get('confirm') ?? '').trim();
    const confirm = values.get('window') ? readDuration(typed) : undefined;
    if (values.get('window') && confirm === undefined) throw new Refused(422, texts.badDuration(typed));
    const body = {
      text,
      name: base.name,
      ...(confirm !== undefined && { confirm }),
      ...(values.get('takeOver') && { takeOver: true }),
    };
    try {
      const answer = await post<{ text?: string }>('reload', body, base.generation);
      say(answer.text ?? texts.done);
      await tools.load();
    } catch (error) {
      // Either somebody else was faster, or the document itself is in conflict with the table.
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      const now = await get<DocumentNow>('document');
      if (now.generation === base.generation) throw error;
      setOther(now);
    }
  };
  return (
    <>
      <button type="button" class="main" disabled={!props.ready} onClick={() => setAsking(true)}>
        {texts.apply}
      </button>
      {asking && (
        <FormDialog title={texts.apply} done={texts.apply} close={() => setAsking(false)} send={send}>
          <p>{texts.applyMeaning(draft.preview?.changes.length ?? 0)}</p>
          {me.can.generations && (
            <>
              <label class="check">
                <input type="checkbox" name="window" value="1" defaultChecked /> {texts.withConfirmation}
              </label>
              <Field label={texts.confirmWithin}>
                <input name="confirm" defaultValue="60s" list="windows" autocomplete="off" />
                <datalist id="windows">
                  {['30s', '60s', '5m', '15m'].map((window) => (
                    <option key={window} value={window} />
                  ))}
                </datalist>
              </Field>
              <p class="muted">{texts.confirmMeaning}</p>
              <label class="check">
                <input type="checkbox" name="takeOver" value="1" /> {texts.takeOver}
              </label>
            </>
          )}
        </FormDialog>
      )}
      {other && <Conflict tools={tools} draft={draft} other={other} close={() => setOther(undefined)} />}
    </>
  );
}

/** Somebody else has applied a document since this one was opened. */
function Conflict(props: {
  readonly tools: DraftTools;
  readonly draft: Draft;
  readonly other: DocumentNow;
  readonly close: () => void;
}) {
  const { texts } = usePage();
  const { tools, draft, other, close } = props;
  return (
    <Dialog title={texts.conflict} close={close}>
      <p>{texts.conflictMeaning(draft.base.generation, other.generation)}</p>
      <Diff label={texts.theirChanges} lines={differingLines(draft.base.text, other.text)} />
      <footer>
        <button
          type="button"
          class="danger"
          onClick={() => {
            void tools.load({ remember: true });
            close();
          }}
        >
          {texts.takeTheirs}
        </button>
        <button
          type="button"
          onClick={() => {
            tools.rebase(other);
            close();
          }}
        >
          {texts.keepMine}
        </button>
      </footer>
    </Dialog>
  );
}
