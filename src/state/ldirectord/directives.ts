/**
 * The directives of ldirectord(8), version 4: which values each accepts, and what becomes of it.
 * Those with a field are converted, the others ignored with a note.
 */

import type { ValueKind } from './values';
import * as values from './values';

export interface Directive {
  /** The fields of the state document that it sets. */
  readonly field?: string;
  /**
   * Why it sets none; absent when it has a field. Follows "'DIRECTIVE' is ignored: " in messages.
   */
  readonly ignored?: string;
  readonly value: ValueKind;
}

export type Directives = Readonly<Record<string, Directive>>;

const ignored = (reason: string, kinds: Readonly<Record<string, ValueKind>>): Directives =>
  Object.fromEntries(Object.entries(kinds).map(([name, value]) => [name, { ignored: reason, value }]));

const NO_MAIL = 'director.notify of a state document sends mail for every event';
const NO_SCRIPTS = 'director.notify of a state document runs a program for every event';
const NO_LOGINS = 'checks do not log in';
const ALL_KEPT = 'the results of all checks are kept';
const DAEMON = 'it configures the ldirectord daemon';
const MISSING = 'servers that are down stay as onFail says';
const MAINTENANCE = 'ipvsadm server maint takes servers out for maintenance';

/** At the top level and in the section of a virtual service. */
const common: Directives = {
  fallback: { field: 'sorry', value: values.anything },
  fallback6: { field: 'sorry', value: values.anything },
  ...ignored(NO_MAIL, {
    emailalert: values.mailAddress,
    emailalertfreq: values.startingNumber,
    emailalertstatus: values.mailStatus,
    smtp: values.mailServer,
  }),
  quiescent: { field: 'onFail', value: values.yesOrNo },
  ...ignored(DAEMON, { cleanstop: values.yesOrNo }),
};

const checks = (kinds: Readonly<Record<string, ValueKind>>): Directives =>
  Object.fromEntries(Object.entries(kinds).map(([name, value]) => [name, { field: 'check', value }]));

const checkNumbers = ['checktimeout', 'negotiatetimeout', 'checkinterval', 'failurecount'];
const numbers = (kind: ValueKind): Directives => ({
  ...checks(Object.fromEntries(checkNumbers.map((name) => [name, kind]))),
  ...ignored('a ping is sent once for each check', { checkcount: kind }),
});

/** At the top level, which is not indented. */
export const globalDirectives: Directives = {
  virtual: { field: 'protocol, address, port, fwmark', value: values.anything },
  virtual6: { field: 'protocol, address, port, fwmark, family', value: values.anything },
  ...numbers(values.notZero),
  ...checks({ checktimeout: values.aboveZero, negotiatetimeout: values.aboveZero }),
  ...common,
  ...ignored(NO_SCRIPTS, { fallbackcommand: values.something }),
  ...ignored(NO_MAIL, { emailalertfrom: values.something }),
  ...ignored(MISSING, { readdquiescent: values.yesOrNo }),
  ...ignored(NO_SCRIPTS, { callback: values.quotedText }),
  ...ignored(DAEMON, {
    autoreload: values.yesOrNo,
    execute: values.anything,
    fork: values.yesOrNo,
    logfile: values.quotedText,
    supervised: values.yesOrNo,
  }),
  ...ignored(MAINTENANCE, { maintenancedir: values.something }),
};

/** In the section of a virtual service, which is indented. */
export const sectionDirectives: Directives = {
  real: { field: 'servers', value: values.anything },
  real6: { field: 'servers', value: values.anything },
  scheduler: { field: 'scheduler', value: values.schedulerName },
  schedflags: { field: 'flags', value: values.flagNames },
  ops: { field: 'flags', value: values.yesOrNo },
  persistent: { field: 'persistence.timeout', value: values.number },
  netmask: { field: 'persistence.netmask', value: values.anything },
  protocol: { field: 'protocol', value: values.protocolName },
  ...numbers(values.notZero),
  ...common,
  ...ignored(NO_SCRIPTS, { fallbackcommand: values.command }),
  ...checks({
    checktype: values.checkType,
    checkcommand: values.command,
    checkport: values.portNumber,
    httpmethod: values.httpMethod,
    receive: values.quotedSomething,
    request: values.quotedSomething,
    service: values.checkedService,
    virtualhost: values.anything,
  }),
  ...ignored(NO_LOGINS, {
    database: values.quotedSomething,
    login: values.quotedSomething,
    passwd: values.quotedSomething,
    secret: values.quotedSomething,
  }),
  ...ignored('ldirectord reads it, and does nothing with it', { load: values.quotedWord }),
  ...ignored(ALL_KEPT, { monitorfile: values.anything }),
  ...ignored(NO_MAIL, { comment: values.anything, servicename: values.anything }),
};

/** Directives of former versions, with what takes their place. */
export const formerDirectives: Readonly<Record<string, string>> = {
  connecttimeout: 'use negotiatetimeout',
  timeout: 'use checktimeout and negotiatetimeout',
};
