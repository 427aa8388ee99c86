/** Dialogs: the browser's own, which keep the focus, close by Escape and give the focus back. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemText, useTexts } from '../context';

export function Dialog(props: {
  readonly title: ComponentChildren;
  readonly close: () => void;
  readonly side?: boolean;
  readonly children: ComponentChildren;
}) {
  const texts = useTexts();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    // Not the button that closes it, which comes first.
    const first = dialog.querySelector<HTMLElement>('form :is(input:not([type="checkbox"]), select)');
    (first ?? dialog.querySelector('h2'))?.focus();
    return () => dialog.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside the dialog does
    <dialog
      ref={ref}
      class={props.side ? 'side' : 'box'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onClick={(event) => {
        if (event.target === ref.current) props.close();
      }}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={id} tabIndex={-1}>
            {props.title}
          </h2>
          <button type="button" class="quiet icon" aria-label={texts.close} onClick={props.close}>
            <span aria-hidden="true">✕</span>
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** A dialog that asks, and stays with the problem when it could not be done. */
export function FormDialog(props: {
  readonly title: ComponentChildren;
  readonly done: string;
  readonly danger?: boolean;
  readonly close: () => void;
  /** Throws what was refused. */
  readonly send: (values: FormData) => Promise<void>;
  readonly children?: ComponentChildren;
}) {
  const texts = useTexts();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await props.send(new FormData(event.currentTarget as HTMLFormElement));
      props.close();
    } catch (error) {
      setProblem(problemText(error, texts));
      setBusy(false);
    }
  };
  return (
    <Dialog title={props.title} close={props.close}>
      <form onSubmit={submit} class="stack">
        {props.children}
        {problem !== undefined && (
          <p class="note bad" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <button type="button" onClick={props.close}>
            {texts.cancel}
          </button>
          <button type="submit" class={props.danger ? 'danger' : 'main'} disabled={busy}>
            {props.done}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
