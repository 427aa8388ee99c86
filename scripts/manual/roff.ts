/** Functions that write man(7) source. */

/**
 * Text without markup. Hyphens become minus signs, so that readers can copy and search for options.
 */
export function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

export function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

/** Escaped text whose words in capitals are placeholders, in italics. */
export function withPlaceholders(text: string): string {
  return escaped(text).replace(/[A-Z]{2,}/g, '\\fI$&\\fR');
}

/** A tagged paragraph; empty `paragraphs` are left out. */
export function tagged(tag: string, ...paragraphs: readonly string[]): string {
  return ['.TP', tag, paragraphs.filter(Boolean).join('\n.br\n')].join('\n');
}

/** A summary or description of the tables, with a full stop. */
export function phrase(text: string): string {
  return escaped(text === '' || text.endsWith('.') ? text : `${text}.`);
}

/** A summary of the tables as a sentence. */
export function sentence(text: string): string {
  return phrase(`${text[0]!.toUpperCase()}${text.slice(1)}`);
}
