/** The blocks of health checkers in a real_server block of keepalived.conf(5) (check_*.c). */
import { parseAddress } from '../../model/address';
import { U16_MAX, U32_MAX } from '../../model/limits';
import type { Diagnostics, Word } from '../source/collect';
import type { Handlers } from './blocks';
import type { Checker, Connection, Url } from './checker-model';
import type { Server } from './model';
import { readUnsigned, unsignedOf } from './numbers';
import { rawText, splitQuoted } from './quoted';
import { timerOf, timingStatements, virtualhost } from './timing';
import { truth } from './truth';
import type { Words } from './words';

/** The blocks that are converted to checks. */
export const checkerNames = [
  'TCP_CHECK',
  'HTTP_GET',
  'SSL_GET',
  'SMTP_CHECK',
  'DNS_CHECK',
  'UDP_CHECK',
  'PING_CHECK',
  'MISC_CHECK',
  'FILE_CHECK',
] as const;

type Change = (checker: Checker, words: Words, diagnostics: Diagnostics) => void;
type Statements = Readonly<Record<string, Change>>;

/** Returns the handlers of the blocks, and what their beginnings do. */
export function checkerHandlers(
  server: () => Server | undefined,
  diagnostics: Diagnostics,
): Required<Pick<Handlers, 'statements' | 'blocks'>> {
  const last = () => server()?.checkers?.at(-1);
  const begin = ([word]: Words) => {
    const own = server();
    if (!own) return;
    own.checkers ??= [];
    own.checkers.push({ word, fields: {}, urls: [], hosts: [] });
  };
  const withLast = (statements: Statements): Handlers['statements'] =>
    Object.fromEntries(
      Object.entries(statements).map(([name, change]) => [
        name,
        (words: Words) => {
          const own = last();
          if (own) change(own, words, diagnostics);
        },
      ]),
    );
  const blocks = Object.fromEntries(
    checkerNames.map((name): [string, Handlers] => [
      name,
      {
        statements: withLast(statementsOf[name]),
        blocks: {
          url: { statements: withLast(urlStatements) },
          host: { statements: withLast(hostStatements) },
        },
      },
    ]),
  );
  return { statements: Object.fromEntries(checkerNames.map((name) => [name, begin])), blocks };
}

/** Sets a field of the document to the text of the first argument. */
const field =
  (name: string): Change =>
  (own, words) => {
    own.fields[name] = { value: words[1]!.text, word: words[1]! };
  };

function connectionStatements(of: (own: Checker) => Connection): Statements {
  const address =
    (name: 'address' | 'source'): Change =>
    (own, words, diagnostics) => {
      const word = words[1]!;
      const text = /^[^-/]*/.exec(word.text)![0];
      if (parseAddress(text)) of(own)[name] = { value: text, word };
      else diagnostics.warn(word, `'${word.text}' is no address: keepalived ignores '${words[0].text}'`);
    };
  return {
    connect_ip: address('address'),
    connect_port: (own, words, diagnostics) => {
      const value = unsignedOf(words[1]!, { min: 1, max: U16_MAX }, true, diagnostics);
      if (value !== undefined) of(own).port = { value, word: words[1]! };
    },
    bindto: address('source'),
    fwmark: (own, words, diagnostics) => {
      const value = unsignedOf(words[1]!, { min: 0, max: U32_MAX }, true, diagnostics);
      if (value) of(own).mark = { value, word: words[1]! };
    },
    connect_timeout: (own, words, diagnostics) => {
      const value = timerOf(words[1]!, 1, diagnostics);
      if (value) of(own).connectTimeout = value;
    },
  };
}

const connection: Statements = {
  ...timingStatements('checker'),
  ...connectionStatements((own) => own),
};

const web: Statements = {
  ...connection,
  nb_get_retry: timingStatements('checker').retry!,
  virtualhost,
  http_protocol: (own, words, diagnostics) => {
    const [keyword, word] = words;
    if (word && ['1.0', '1.1', '1.0C', '1.0c'].includes(word.text))
      own.fields.version = { value: word.text, word };
    else diagnostics.warn(word ?? keyword, "keepalived ignores this 'http_protocol'", '1.0, 1.0C or 1.1');
  },
  enable_sni: (own, [, argument]) => {
    const on = argument ? truth(argument) : true;
    if (on !== undefined) own.sni = on;
  },
  url: (own, [word]) => {
    own.urls.push({ word, status: [], options: [] });
  },
};

const lastUrl = (change: (url: Url, words: Words, diagnostics: Diagnostics) => void): Change => {
  return (own, words, diagnostics) => change(own.urls.at(-1)!, words, diagnostics);
};

const urlStatements: Statements = {
  path: lastUrl((url, words) => {
    url.path = { value: words[1]!.text, word: words[1]! };
  }),
  virtualhost: lastUrl((url, words) => {
    if (words[1]) url.virtualhost = { value: words[1].text, word: words[1] };
  }),
  digest: lastUrl((url, words, diagnostics) => {
    const word = words[1]!;
    if (!url.digest && /^[0-9A-Fa-f]{32}$/.test(word.text)) url.digest = { value: word.text, word };
    else diagnostics.warn(word, `keepalived ignores this 'digest'`, '32 hexadecimal digits, once');
  }),
  status_code: lastUrl((url, [keyword, ...words], diagnostics) => {
    url.statusWord = keyword;
    for (const word of words) {
      const [, from, to = from] = /^([0-9]{1,9})(?:-([0-9]{1,9}))?$/.exec(word.text) ?? [];
      const range: [number, number] = [Number(from), Number(to)];
      if (range[0] >= 100 && range[1] <= 599 && range[0] <= range[1]) url.status.push(range);
      else diagnostics.warn(word, `'${word.text}' is no status: keepalived ignores it`, 'from 100 to 599');
    }
  }),
  regex: lastUrl((url, words, diagnostics) => {
    const found = splitQuoted(rawText(words.slice(1)));
    if (found?.length === 1) url.regex = { value: found[0]!, word: words[1]! };
    else diagnostics.warn(words[0], "'regex' is not converted: one argument is read", 'in double quotes');
  }),
  regex_no_match: lastUrl((url) => {
    url.noMatch = true;
  }),
  regex_options: lastUrl((url, [, ...words]) => {
    url.options.push(...words);
  }),
};

const smtp: Statements = {
  ...connection,
  helo_name: (own, words) => {
    if (words[1]) field('helo')(own, words, undefined as never);
  },
  host: (own) => {
    own.hosts.push({});
  },
};

const hostStatements: Statements = connectionStatements((own) => own.hosts.at(-1)!);

const dnsTypes = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'];

const dns: Statements = {
  ...connection,
  type: (own, words, diagnostics) => {
    const word = words[1]!;
    const value = word.text.toUpperCase();
    if (dnsTypes.includes(value)) own.fields.record = { value, word };
    else diagnostics.warn(word, `unknown type '${word.text}': keepalived ignores it`, dnsTypes.join(', '));
  },
  name: (own, words, diagnostics) => {
    const word = words[1]!;
    if (own.fields.query || /^\..|\.\./.test(word.text))
      diagnostics.warn(word, `keepalived ignores this 'name'`, 'one name, without empty labels');
    else own.fields.query = { value: word.text, word };
  },
};

const misc: Statements = {
  ...timingStatements('checker'),
  misc_path: (own, words, diagnostics) => {
    const [path] = splitQuoted(rawText(words.slice(1))) ?? [];
    const value = path === undefined ? undefined : splitQuoted(path);
    own.misc = { ...own.misc, ...(value?.length ? { command: { value, word: words[1]! } } : {}) };
    if (!value?.length) diagnostics.warn(words[0], "keepalived ignores 'misc_path': it needs a program");
  },
  misc_timeout: (own, words, diagnostics) => {
    const value = unsignedOf(words[1]!, { min: 0, max: Math.floor(U32_MAX / 1e6) }, true, diagnostics);
    if (value !== undefined) own.misc = { ...own.misc, timeout: { value: value * 1000, word: words[1]! } };
  },
  misc_dynamic: (own, [word]) => {
    own.misc = { ...own.misc, dynamic: word };
  },
  user: (own, [keyword, word, group], diagnostics) => {
    if (group)
      diagnostics.note(group, "the group of 'user' is ignored: a script runs in the groups of its user");
    if (word) own.misc = { ...own.misc, user: { value: word.text, word } };
    else diagnostics.warn(keyword, "keepalived ignores 'user' without a name");
  },
};

const udpDefaults = { minimum: 0, maximum: 255 };

const udpLength =
  (name: 'minimum' | 'maximum'): Change =>
  (own, words, diagnostics) => {
    const word = words[1]!;
    const value = readUnsigned(word.text, { min: 0, max: U16_MAX }, false, (what) =>
      diagnostics.warn(word, `'${word.text}' ${what}: keepalived ignores it`),
    );
    if (value !== undefined) own.udp = { ...udpDefaults, ...own.udp, [name]: value };
  };

const udp: Statements = {
  ...connection,
  payload: (own, words, diagnostics) => {
    const bytes = hexBytes(words.slice(1), false, diagnostics, words[0]);
    if (!bytes) return;
    const value = String.fromCharCode(...bytes.map((byte) => byte!));
    own.udp = { ...udpDefaults, ...own.udp, payload: { value, word: words[1]! } };
  },
  require_reply: (own, words, diagnostics) => {
    const bytes = words[1] ? hexBytes(words.slice(1), true, diagnostics, words[0]) : [];
    own.udp = { ...udpDefaults, ...own.udp, reply: { value: { bytes: bytes ?? [] }, word: words[0] } };
  },
  min_reply_length: udpLength('minimum'),
  max_reply_length: udpLength('maximum'),
};

/** Octets in hexadecimal digits; one with X may be anything. */
function hexBytes(
  words: readonly Word[],
  masked: boolean,
  diagnostics: Diagnostics,
  keyword: Word,
): (number | undefined)[] | undefined {
  const octets = words.flatMap(({ text }) => text.match(/../gs) ?? [text]).filter((text) => text !== '');
  const form = masked ? /^[0-9A-Fa-fXx]{1,2}$/ : /^[0-9A-Fa-f]{1,2}$/;
  if (octets.length === 0 || octets.length > 4096 || !octets.every((octet) => form.test(octet))) {
    diagnostics.warn(
      words[0] ?? keyword,
      `keepalived ignores this: '${keyword.text}' has hexadecimal digits`,
    );
    return undefined;
  }
  const bytes = octets.map((octet) => (/x/i.test(octet) ? undefined : Number.parseInt(octet, 16)));
  if (bytes.at(-1) !== 0xff) return bytes;
  // Its loop takes the last octet for the mark of an error.
  diagnostics.warn(words.at(-1)!, `keepalived ignores this '${keyword.text}', because it ends with ff`);
  return undefined;
}

const file: Statements = {
  track_file: (own, words) => {
    own.file = { ...own.file, name: words[1]! };
  },
  weight: (own, [keyword, word, option], diagnostics) => {
    const number = word && /^[+-]?[0-9]{1,9}$/.test(word.text) ? Number(word.text) : undefined;
    if (number === undefined || (option && !/^(no)?reverse$/.test(option.text))) {
      diagnostics.warn(word ?? keyword, "keepalived ignores this 'weight'", 'NUMBER [reverse]');
    } else {
      const value = option?.text === 'reverse' ? -number : number;
      own.file = { ...own.file, weight: { value, word: word! } };
    }
  },
};

const statementsOf: Readonly<Record<(typeof checkerNames)[number], Statements>> = {
  TCP_CHECK: connection,
  HTTP_GET: web,
  SSL_GET: web,
  SMTP_CHECK: smtp,
  DNS_CHECK: dns,
  UDP_CHECK: udp,
  PING_CHECK: connection,
  MISC_CHECK: misc,
  FILE_CHECK: file,
};
