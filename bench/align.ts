/** Markdown tables that can be read as text: columns as wide as their widest cell. */

const RULE = /^:?-+:?$/;

/** Aligns every table of a text; lines that are not of a table stay as they are. */
export function aligned(text: string): string {
  return text.replace(/(?:^\|.*\|$\n?)+/gm, (table) => {
    const rows = table
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    const rules = rows.find((row) => row.every((cell) => RULE.test(cell)));
    if (!rules) return table;
    const widths = rules.map((rule, column) =>
      Math.max(rule.length, ...rows.map((row) => (row === rules ? 0 : row[column]!.length))),
    );
    const lines = rows.map((row) => row.map((cell, column) => padded(cell, widths[column]!, rules[column]!)));
    return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}${table.endsWith('\n') ? '\n' : ''}`;
  });
}

function padded(cell: string, width: number, rule: string): string {
  const right = rule.endsWith(':');
  if (RULE.test(cell)) return right ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  return right ? cell.padStart(width) : cell.padEnd(width);
}
