/** Text as man(7) source. */

/** Text between macros: nothing in it is markup, and hyphens are minus signs, to be copied and searched for. */
export function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

export function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

/** Words in capitals are placeholders. */
export function withPlaceholders(text: string): string {
  return escaped(text).replace(/[A-Z]{2,}/g, '\\fI$&\\fR');
}

/** A tagged paragraph. */
export function tagged(tag: string, ...paragraphs: readonly string[]): string {
  return ['.TP', tag, paragraphs.filter(Boolean).join('\n.br\n')].join('\n');
}

/** A text of the tables, which has no full stop. */
export function phrase(text: string): string {
  return escaped(text.endsWith('.') ? text : `${text}.`);
}

/** A text of the tables that begins with a verb. */
export function sentence(text: string): string {
  return phrase(`${text[0]!.toUpperCase()}${text.slice(1)}`);
}
