/** The values that ldirectord accepts. Most of its patterns match anywhere in the value. */

export interface ValueKind {
  /** What a value must be; follows "must be" in messages. */
  readonly right: string;
  readonly accepts: (value: string) => boolean;
}

const kind = (right: string, pattern: RegExp): ValueKind => ({
  right,
  accepts: (value) => pattern.test(value),
});

export const anything = kind('text', /^/);
export const something = kind('not empty', /./s);
export const yesOrNo = kind("'yes' or 'no' and nothing more", /^(yes|no)$/);
/** The first digits count; of the directives at the top level 00 is refused, too. */
export const aboveZero = kind('a number from 1', /^\D*0*[1-9]/);
export const notZero = kind('a number from 1', /^\D*(?!0(?![0-9]))[0-9]/);
export const number = kind('a number', /[0-9]/);
export const startingNumber = kind('a number', /^[0-9]/);
export const quotedText = kind('text in double quotes', /^".*"/s);
export const quotedSomething = kind('text in double quotes', /^".+"/s);
export const quotedWord = kind('a word in double quotes', /^".*\w.*"/s);
/** With quotes or without. */
export const command = kind('a command', /^(?:".+"|(?!".*").)/s);
export const mailAddress = kind('a mail address', /^(?!""$)./s);
export const mailServer = kind('the name or address of a mail server', /^[\w.+-]/);
export const schedulerName = kind('the name of a scheduler in lower case', /[a-z]/);
export const flagNames = kind('names of flags', /[^ \t\v\f\r]/);
export const httpMethod = kind('GET or HEAD', /^\W*(get|head)(?!\w)/i);
export const protocolName = kind('tcp, udp or fwm', /\w/);

export const portNumber: ValueKind = {
  right: 'a port from 1 to 65535',
  accepts(value) {
    const port = Number(/[0-9]+/.exec(value)?.[0] ?? 0);
    return port > 0 && port < 65536;
  },
};

/** The services that ldirectord can check, with the port that each stands for. */
export const checkedServices: Readonly<Record<string, number | undefined>> = {
  dns: 53,
  ftp: 21,
  http: 80,
  https: 443,
  http_proxy: 3128,
  imap: 143,
  imaps: 993,
  ldap: 389,
  ldaps: 636,
  nntp: 119,
  mysql: 3306,
  none: undefined,
  oracle: 1521,
  pop: 110,
  pops: 995,
  radius: 1812,
  pgsql: 5432,
  sip: 5060,
  smtp: 25,
  submission: 587,
  simpletcp: undefined,
};

export const checkedService: ValueKind = {
  right: `one of ${Object.keys(checkedServices).join(', ')}`,
  accepts: (value) => Object.hasOwn(checkedServices, firstWord(value)),
};

const checkTypes = ['connect', 'negotiate', 'ping', 'off', 'on', 'external', 'external-perl'];

export const checkType: ValueKind = {
  right: `one of ${checkTypes.join(', ')}, or a number`,
  accepts: (value) => checkTypeOf(value) !== undefined,
};

/** Returns the type of check; a number stands for `combined`. */
export function checkTypeOf(value: string): string | undefined {
  if (/[0-9]/.test(value)) return 'combined';
  const word = /[\w-]+/.exec(value)?.[0] ?? '';
  return checkTypes.includes(word) ? word : undefined;
}

const mailStates = ['all', 'starting', 'stopping', 'running', 'reloading'];

export const mailStatus: ValueKind = {
  right: `none, or some of ${mailStates.join(', ')}, separated by commas, and nothing more`,
  accepts(value) {
    const end = value.search(/[ \t\v\f\r,]*$/);
    const list = value.includes(',', end) ? value.slice(0, end) : value;
    const items = list === '' ? [] : list.split(/[ \t\v\f\r]*,[ \t\v\f\r]*/);
    const others = items.filter((item) => item !== 'none');
    if (others.length === 0) return true;
    return others.length === items.length && others.every((item) => mailStates.includes(item));
  },
};

/** Returns the first run of word characters; '' if there is none. */
export function firstWord(value: string): string {
  return /\w+/.exec(value)?.[0] ?? '';
}
