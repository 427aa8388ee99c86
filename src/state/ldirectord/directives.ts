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

const NO_CHECKS = 'ipvsadm does not run health checks';
const NO_MAIL = 'ipvsadm does not send mail';
const NO_SCRIPTS = 'ipvsadm does not run scripts';
const DAEMON = 'it configures the ldirectord daemon';
const FAILED_CHECKS = 'it applies to failed health checks (weight 0 instead of removal)';
const MAINTENANCE = 'it removes servers for maintenance while files of their names exist';

/** At the top level and in the section of a virtual service. */
const common: Directives = {
  fallback: { field: 'servers', value: values.anything },
  fallback6: { field: 'servers', value: values.anything },
  ...ignored(NO_MAIL, {
    emailalert: values.mailAddress,
    emailalertfreq: values.startingNumber,
    emailalertstatus: values.mailStatus,
    smtp: values.mailServer,
  }),
  ...ignored(FAILED_CHECKS, { quiescent: values.yesOrNo }),
  ...ignored(DAEMON, { cleanstop: values.yesOrNo }),
};

const checkNumbers = ['checktimeout', 'negotiatetimeout', 'checkinterval', 'checkcount', 'failurecount'];
const numbers = (kind: ValueKind) => Object.fromEntries(checkNumbers.map((name) => [name, kind]));

/** At the top level, which is not indented. */
export const globalDirectives: Directives = {
  virtual: { field: 'protocol, address, port, fwmark', value: values.anything },
  virtual6: { field: 'protocol, address, port, fwmark, family', value: values.anything },
  ...ignored(NO_CHECKS, {
    ...numbers(values.notZero),
    checktimeout: values.aboveZero,
    negotiatetimeout: values.aboveZero,
  }),
  ...common,
  ...ignored(NO_SCRIPTS, { fallbackcommand: values.something }),
  ...ignored(NO_MAIL, { emailalertfrom: values.something }),
  ...ignored(FAILED_CHECKS, { readdquiescent: values.yesOrNo }),
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
  checktype: { field: 'servers', value: values.checkType },
  ...ignored(NO_CHECKS, numbers(values.notZero)),
  ...common,
  ...ignored(NO_SCRIPTS, { fallbackcommand: values.command }),
  ...ignored(NO_CHECKS, {
    checkcommand: values.command,
    checkport: values.portNumber,
    database: values.quotedSomething,
    httpmethod: values.httpMethod,
    load: values.quotedWord,
    login: values.quotedSomething,
    monitorfile: values.anything,
    passwd: values.quotedSomething,
    receive: values.quotedSomething,
    request: values.quotedSomething,
    secret: values.quotedSomething,
    service: values.checkedService,
    virtualhost: values.anything,
  }),
  ...ignored(NO_MAIL, { comment: values.anything, servicename: values.anything }),
};

/** Directives of former versions, with what takes their place. */
export const formerDirectives: Readonly<Record<string, string>> = {
  connecttimeout: 'use negotiatetimeout',
  timeout: 'use checktimeout and negotiatetimeout',
};
