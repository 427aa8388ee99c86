/** Blocks at the top level that checks use: SSL, track_file. */
import type { Diagnostics } from '../source/collect';
import type { Handlers } from './blocks';
import type { ClientTls, TrackFile } from './checker-model';
import type { Words } from './words';

export function checkFileHandlers(
  files: Map<string, TrackFile>,
  tls: ClientTls,
  diagnostics: Diagnostics,
): Handlers {
  let last: TrackFile | undefined;
  const begin = (words: Words) => {
    const name = words[1]!;
    last = { name: name.text, weight: 1 };
    if (files.has(last.name))
      diagnostics.warn(name, `keepalived ignores this: '${last.name}' exists already`);
    else files.set(last.name, last);
  };
  const trackFile: Handlers = {
    statements: {
      file: (words) => {
        const word = words[1]!;
        if (last && !last.path) last.path = { value: word.text, word };
      },
      weight: ([keyword, word, option]) => {
        const value = word && /^[+-]?[0-9]{1,3}$/.test(word.text) ? Number(word.text) : Number.NaN;
        if (!(Math.abs(value) <= 254) || (option && option.text !== 'reverse'))
          diagnostics.warn(word ?? keyword, "keepalived ignores this 'weight'", 'from -254 to 254');
        else if (last) last.weight = option ? -value : value;
      },
    },
  };
  const file = (name: keyof ClientTls) => (words: Words) => {
    tls[name] = { value: words[1]!.text, word: words[1]! };
  };
  return {
    statements: { track_file: begin, vrrp_track_file: begin },
    blocks: {
      track_file: trackFile,
      vrrp_track_file: trackFile,
      SSL: { statements: { ca: file('ca'), certificate: file('certificate'), key: file('key') } },
    },
  };
}
