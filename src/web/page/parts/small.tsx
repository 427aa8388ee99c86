/** Small parts of several views. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useTexts } from '../context';
import type { DiffLine } from '../state/lines';

export function Tile(props: {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly more?: ComponentChildren;
}) {
  return (
    <div class="tile">
      <dt>{props.label}</dt>
      <dd>
        <b>{props.value}</b>
        {props.more !== undefined && <span>{props.more}</span>}
      </dd>
    </div>
  );
}

export function Problem({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="note bad" role="alert">
      {text}
    </p>
  );
}

export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const texts = useTexts();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await copied(text);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button type="button" class="small" aria-label={`${texts.copy}: ${label}`} onClick={copy}>
      {done ? texts.copied : texts.copy}
    </button>
  );
}

/** Without TLS, off loopback, a browser has no clipboard for scripts: a selection has. */
async function copied(text: string): Promise<void> {
  if (navigator.clipboard) return await navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** Preformatted text that scrolls, with the keyboard, too. */
export function Scrolled(props: {
  readonly class: string;
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what it is to scroll
    <section class={`scrolling ${props.class}`} aria-label={props.label} tabIndex={0}>
      <pre>{props.children}</pre>
    </section>
  );
}

/** A table that may be wider than its place. */
export function ScrolledTable(props: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what it is to scroll
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has fields, and a section would be a landmark
    <div class="scrolled" role="group" aria-label={props.label} tabIndex={0}>
      {props.children}
    </div>
  );
}

const signs = { '+': 'added', '-': 'removed', '~': 'changed', ' ': 'same', '…': 'fold' } as const;

/** Lines with a sign before each. */
export function Diff(props: {
  readonly label: string;
  readonly lines: readonly { readonly sign: DiffLine['sign'] | '~'; readonly text: string }[];
}) {
  const shown = props.lines.slice(0, 2000);
  return (
    <Scrolled class="diff" label={props.label}>
      {shown.map(({ sign, text }, index) => (
        <span key={index} class={signs[sign]}>
          {`${sign} ${text}\n`}
        </span>
      ))}
      {props.lines.length > shown.length && <span class="fold">… {props.lines.length - shown.length}</span>}
    </Scrolled>
  );
}

export function Field(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the children are its control
    <label class={`field ${props.class ?? ''}`} title={props.hint}>
      <span>{props.label}</span>
      {props.children}
    </label>
  );
}
