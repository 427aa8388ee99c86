/** The document as it is edited. It outlives the view, so that a look at a service loses nothing. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { DocumentEdit, DocumentNow, Preview, PreviewRequest } from '../../../contract';
import { get, post } from '../../api';
import { problemText, useTexts } from '../../context';

export interface Draft {
  /** What was in use when the editing began. */
  readonly base: DocumentNow;
  readonly text: string;
  readonly preview: Preview | undefined;
  /** The text that `preview` is of: what is typed is ahead of it. */
  readonly previewed: string | undefined;
  /** The last document that could be read. */
  readonly document: unknown;
  /** Texts to go back and forth to. */
  readonly past: readonly string[];
  readonly future: readonly string[];
}

let kept: Draft | undefined;
const TYPING = 400;
const MAX_PAST = 50;

const listeners = new Set<() => void>();

/** Somebody else may log in: a draft is not theirs. */
export function forgetDraft(): void {
  kept = undefined;
}

addEventListener('beforeunload', (event) => {
  if (isChanged()) event.preventDefault();
});

function isChanged(): boolean {
  return kept !== undefined && kept.text !== kept.base.text;
}

/** Whether there is a draft that differs from the document. */
export function useIsChanged(): boolean {
  const [is, setIs] = useState(isChanged);
  useEffect(() => {
    const hear = () => setIs(isChanged());
    listeners.add(hear);
    return () => {
      listeners.delete(hear);
    };
  }, []);
  return is;
}

export function useDraft() {
  const texts = useTexts();
  const [draft, setDraft] = useState<Draft | undefined>(kept);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const queue = useRef<Promise<void>>(Promise.resolve());

  const change = useCallback((next: Draft) => {
    kept = next;
    setDraft(next);
    for (const hear of listeners) hear();
  }, []);

  const failed = (error: unknown) => setProblem(problemText(error, texts));

  /** Asks what the text amounts to; an answer to an older text is thrown away. */
  const check = async () => {
    const asked = kept;
    if (!asked) return;
    setBusy(true);
    try {
      const request: PreviewRequest = { text: asked.text, name: asked.base.name };
      const preview = await post<Preview>('preview', request);
      setProblem(undefined);
      if (kept && kept.text === asked.text) change(withPreview(kept, preview));
    } catch (error) {
      failed(error);
    }
    setBusy(false);
  };

  /** @param remember whether there is a way back to the text. */
  const load = async ({ remember = false } = {}) => {
    const past = remember && kept ? [...kept.past, kept.text].slice(-MAX_PAST) : [];
    try {
      const base = await get<DocumentNow>('document');
      const empty = { preview: undefined, previewed: undefined, past, future: [] };
      change({ base, text: base.text, document: base.document, ...empty });
      await check();
    } catch (error) {
      failed(error);
    }
  };

  const setText = (text: string, { remember = false } = {}) => {
    if (!kept || kept.text === text) return;
    const past = remember ? [...kept.past, kept.text].slice(-MAX_PAST) : kept.past;
    change({ ...kept, text, past, future: remember ? [] : kept.future });
    clearTimeout(timer.current);
    timer.current = setTimeout(check, remember ? 0 : TYPING);
  };

  /** One after the other: each is about the text that the one before led to. */
  const edit = (make: (document: unknown) => readonly DocumentEdit[]) => {
    queue.current = queue.current.then(async () => {
      if (!kept) return;
      clearTimeout(timer.current);
      const { text, base, past } = kept;
      setBusy(true);
      try {
        const edits = make(kept.document);
        const preview = await post<Preview>('preview', { text, name: base.name, edits } as PreviewRequest);
        setProblem(undefined);
        const remembered = [...past, text].slice(-MAX_PAST);
        change(withPreview({ ...kept, text: preview.text, past: remembered, future: [] }, preview));
      } catch (error) {
        failed(error);
      }
      setBusy(false);
    });
  };

  const undo = () => {
    const text = kept?.past.at(-1);
    if (!kept || text === undefined) return;
    change({ ...kept, text, past: kept.past.slice(0, -1), future: [kept.text, ...kept.future] });
    void check();
  };

  const redo = () => {
    const [text, ...future] = kept?.future ?? [];
    if (!kept || text === undefined) return;
    change({ ...kept, text, past: [...kept.past, kept.text], future });
    void check();
  };

  /** Keeps the text, over a document that somebody else has applied meanwhile. */
  const rebase = (base: DocumentNow) => {
    if (kept) change({ ...kept, base });
    void check();
  };

  useEffect(() => {
    // A document that was not touched is read again: somebody may have applied another one.
    void (isChanged() ? check() : load());
    return () => clearTimeout(timer.current);
  }, []);

  return { draft, problem, busy, load, setText, edit, undo, redo, rebase };
}

export type DraftTools = ReturnType<typeof useDraft>;

function withPreview(draft: Draft, preview: Preview): Draft {
  return { ...draft, preview, previewed: draft.text, document: preview.document ?? draft.document };
}
