/** What every view needs. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Me, WebRole } from '../contract';
import { Refused } from './api';
import type { Live } from './state/live';
import { english, type Texts } from './texts';

export interface PageContext {
  readonly me: Me;
  readonly live: Live;
  readonly texts: Texts;
  /** For numbers and times: `en`, `zh-CN`. */
  readonly language: string;
  /** The generation that was seen; undefined: there are none. */
  readonly generation: number | undefined;
  /** Shows for a moment what has been done, and says it to screen readers. */
  say(text: string): void;
}

export const Context = createContext<PageContext>(undefined as never);

export function usePage(): PageContext {
  return useContext(Context);
}

/** Apart, because the login has no page yet. */
export const TextContext = createContext<Texts>(english);

export function useTexts(): Texts {
  return useContext(TextContext);
}

const order: readonly WebRole[] = ['view', 'operate', 'edit'];

export function may(me: Me, role: WebRole): boolean {
  return order.indexOf(me.role) >= order.indexOf(role);
}

export function problemText(error: unknown, texts: Texts): string {
  if (!(error instanceof Refused)) return String(error);
  return error.status === 0 ? texts.noAnswer : error.message;
}

/** The label of a field of the document, by its path in its object. */
export function fieldLabel(texts: Texts, name: string): string {
  return Object.hasOwn(texts.fields, name) ? texts.fields[name as keyof Texts['fields']] : name;
}
