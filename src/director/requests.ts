/** What operators ask of the daemon. */

import { visibleUnicodeWord } from '../bytes/visible';
import { formatAddress, parseAddress } from '../model/address';
import type { Core } from './core';
import { documentServices, findMember, findService, type Member } from './roster';
import type { Director, Outcome, Selector, TimedResult } from './types';

type Wish = Parameters<Director['setAdmin']>[1];

/** Longer words are cut. */
const MAX_TEXT = 200;

export function setAdmin(core: Core, selector: Selector, wish: Wish): Outcome {
  const members = select(core, selector);
  if (!Array.isArray(members)) return members;
  const { admin, until } = wish;
  if (until !== undefined && !(until > core.world.wallClock())) {
    return { ok: false, kind: 'invalid', problem: 'the time at which it is to end has passed' };
  }
  const author = wish.author.slice(0, MAX_TEXT);
  const reason = wish.reason?.slice(0, MAX_TEXT);
  for (const member of members) {
    if (admin === 'ready' && member.server.admin === 'ready') core.overrides.clear(member.id);
    else {
      core.overrides.set(member, {
        admin,
        author,
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until }),
      });
    }
    const of = { service: member.service.name, server: member.server.name };
    const why = reason === undefined ? '' : `: ${reason}`;
    core.events.tell('override', `${of.service}/${of.server} is set to ${admin} by ${author}${why}`, of);
  }
  core.adminChanged(members);
  const names = members.map(({ service, server }) => `${service.name}/${server.name}`);
  return { ok: true, text: `${names.join(', ')}: ${admin}` };
}

/** Sets the weight of a server as `ipvsadm -e` would: an override, which `server ready` ends. */
export function setWeight(
  core: Core,
  selector: { readonly service: string; readonly server: string },
  { weight, ...wish }: Parameters<Director['setWeight']>[1],
): Outcome {
  if (weight === 0) return setAdmin(core, selector, { admin: 'drain', ...wish });
  const members = select(core, selector);
  if (!Array.isArray(members)) return members;
  const author = wish.author.slice(0, MAX_TEXT);
  const reason = wish.reason?.slice(0, MAX_TEXT);
  for (const member of members) {
    core.overrides.set(member, {
      ...{ admin: 'ready', weight, author },
      ...(reason === undefined ? {} : { reason }),
    });
    const of = { service: member.service.name, server: member.server.name };
    const why = reason === undefined ? '' : `: ${reason}`;
    core.events.tell('override', `${of.service}/${of.server} gets weight ${weight} by ${author}${why}`, of);
  }
  core.adminChanged(members);
  return { ok: true, text: `${selector.service}/${selector.server}: weight ${weight}` };
}

/** The servers that a request is about, or why there are none. */
function select(core: Core, selector: Selector): Member[] | Outcome {
  const all = documentServices(core.roster);
  if ('host' in selector) {
    const address = parseAddress(selector.host);
    const host = address && formatAddress(address);
    const members = all
      .flatMap(({ members: own }) => own)
      .filter(({ server }) => formatAddress(server.server.address) === host);
    return members.length > 0 ? members : unknown(`${selector.host}: no real server has this address`);
  }
  const found = findService(core.roster, selector.service);
  if (!found)
    return unknown(
      `${selector.service}: there is no such service`,
      all.map(({ service }) => service.name),
    );
  if (selector.server === undefined) return [...found.members];
  const member = findMember(found, selector.server);
  const names = found.members.map(({ server }) => server.name);
  return member ? [member] : unknown(`${selector.server}: ${found.service.name} has no such server`, names);
}

function unknown(problem: string, right: readonly string[] = []): Outcome {
  const some = right.slice(0, 10).join(', ');
  const hint =
    some === ''
      ? ''
      : `: there ${right.length === 1 ? 'is' : 'are'} ${some}${right.length > 10 ? ', ...' : ''}`;
  return { ok: false, kind: 'unknown', problem: visibleUnicodeWord(`${problem}${hint}`) };
}

export function adopt(core: Core, text: string, author: string): Outcome {
  const found = findService(core.roster, text);
  if (!found && core.judge.contested.has(text)) {
    core.judge.pardon(text);
    core.events.tell('override', `the ${text} are taken back by ${author.slice(0, MAX_TEXT)}`);
    core.loop.mark('all');
    return { ok: true, text: `the ${text} are ours again` };
  }
  if (!found) return unknown(`${text}: there is no such service`);
  const { id, service } = found;
  if (!core.judge.conflicts.has(id) && !core.judge.contested.has(id)) {
    return { ok: false, kind: 'conflict', problem: `${service.name}: it is ours already` };
  }
  core.judge.takeOver.add(id);
  core.judge.pardon(id);
  core.events.tell('override', `${service.name} is taken over by ${author.slice(0, MAX_TEXT)}`, {
    service: service.name,
  });
  core.loop.mark('all');
  return { ok: true, text: `${service.name} is ours now` };
}

export async function checkNow(
  core: Core,
  service: string,
  server: string,
): Promise<readonly TimedResult[] | undefined> {
  const found = findService(core.roster, service);
  const member = found && findMember(found, server);
  const record = member && core.book.get(member.id);
  if (!record) return undefined;
  return await Promise.all(record.uses.map((use) => core.runner.now(use)));
}
