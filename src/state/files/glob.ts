/** glob(7) with braces, as in the C library: what the includes of keepalived.conf use. */

export interface Directories {
  /** The names in a directory. */
  names(path: string): readonly string[];
  exists(path: string): boolean;
}

/** Returns the paths that match, each alternative of braces sorted. */
export function glob(pattern: string, directories: Directories): string[] {
  return braced(pattern).flatMap((one) => {
    const absolute = one.startsWith('/');
    const parts = one.split('/').filter((part) => part !== '');
    let paths = [absolute ? '/' : ''];
    for (const part of parts) paths = paths.flatMap((path) => matches(path, part, directories));
    return paths.filter((path) => path !== '').sort();
  });
}

function matches(directory: string, part: string, { names, exists }: Directories): string[] {
  const join = (name: string) =>
    directory === '' || directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
  if (!/[*?[]/.test(part)) {
    const path = join(part.replace(/\\(.)/g, '$1'));
    return exists(path) ? [path] : [];
  }
  const wanted = expressionOf(part);
  return names(directory === '' ? '.' : directory)
    .filter((name) => wanted.test(name) && (!name.startsWith('.') || part.startsWith('.')))
    .map(join);
}

function expressionOf(part: string): RegExp {
  const tokens = part.match(/\\.|\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
  const source = tokens.map((token) => {
    if (token === '*') return '[\\s\\S]*';
    if (token === '?') return '[\\s\\S]';
    if (token.length > 2 && token.startsWith('['))
      return token
        .replace(/^\[[!^]/, '[^')
        .replace(/\\/g, '\\\\')
        .replace(/^(\[\^?)\]/, '$1\\]');
    return (token.length === 2 ? token.slice(1) : token).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source.join('')}$`);
  } catch {
    return /(?!)/; // a range that ends before it begins
  }
}

/** The alternatives of the first braces, and those of the braces in them. */
function braced(pattern: string): string[] {
  const start = pattern.search(/(?<!\\)\{/);
  if (start < 0) return [pattern];
  const alternatives: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') at += 1;
    else if (character === '{') depth += 1;
    else if (character === ',' && depth === 1) {
      alternatives.push(pattern.slice(from, at));
      from = at + 1;
    } else if (character === '}' && --depth === 0) {
      alternatives.push(pattern.slice(from, at));
      const [before, after] = [pattern.slice(0, start), pattern.slice(at + 1)];
      return alternatives.flatMap((one) => braced(`${before}${one}${after}`));
    }
  }
  return [pattern];
}
