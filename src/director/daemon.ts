/** The director daemon: everything but its world. */

import { chooseDocument } from './choose-document';
import { Core } from './core';
import type { DirectorOptions } from './options';
import type { LiveService } from './read-live';
import { Reloader } from './reload';
import { adopt, checkNow, setAdmin, setWeight } from './requests';
import { documentServices } from './roster';
import { conflictsOf, doubtSaved, liveServices, loadState } from './start';
import type { Director } from './types';
import { healthOf, namedServices, statesOf, statusOf, tendedServices, unfitnessOf } from './view';
import type { World } from './world';

export type { DirectorOptions } from './options';

/** Why a daemon does not start. Nothing was changed. */
export interface StartProblems {
  readonly problems: string;
}

/** Starts a daemon on a document. @param name of the document, for messages. */
export function startDirector(
  world: World,
  text: string,
  name: string,
  options: DirectorOptions,
): Director | StartProblems {
  const saved = loadState(world);
  const chosen = chooseDocument(world, { text, name }, saved.generations);
  if ('problems' in chosen) return chosen;
  const { document, configuration, notice } = chosen;
  const core = new Core(world, options, configuration, saved);
  core.use(configuration, saved);
  let live: ReadonlyMap<string, LiveService>;
  try {
    live = new Map(liveServices(world, core.roster));
  } catch (error) {
    core.abandon();
    return { problems: `the table cannot be read: ${error}` };
  }
  const conflicts = conflictsOf(core.roster, live, core.owned.services, options.takeOver ?? false);
  // A daemon that ran before goes on with the rest: losing a state file must not end it.
  if (conflicts !== '' && core.generations.wanted === 0) {
    core.abandon();
    return { problems: conflicts };
  }
  if (options.takeOver) for (const { id } of documentServices(core.roster)) core.judge.takeOver.add(id);
  doubtSaved(core, live);
  if (notice !== undefined) core.events.alarm('document', notice);
  if (!core.generations.isCurrent(document)) core.generations.add(document, options.author ?? 'start');
  const reloader = new Reloader(core);
  core.onTick = () => reloader.tick();
  core.start();
  void core.loop.full().then(({ refused, failure }) => {
    if (refused.size === 0 && failure === undefined) core.generations.setApplied();
  });
  return directorOf(core, reloader);
}

function directorOf(core: Core, reloader: Reloader): Director {
  return {
    configuration: () => core.configuration,
    status: () => statusOf(core),
    services: () => namedServices(core),
    tended: () => tendedServices(core),
    health: (service, server) => healthOf(core, service, server),
    states: (service) => statesOf(core, service),
    events: (since) => core.events.after(since),
    generations: () => core.generations.list,
    current: () => core.generations.current,
    document: (generation) => reloader.document(generation),
    read: (given, name) => reloader.read({ text: given, name }),
    subscribe: (hear) => core.events.subscribe(hear),
    setAdmin: (selector, wish) => setAdmin(core, selector, wish),
    setWeight: (selector, wish) => setWeight(core, selector, wish),
    reload: (text, options) => reloader.reload(text, options),
    confirm: (author) => reloader.confirm(author),
    rollback: (generation, author) => reloader.rollback(generation, author),
    adopt: (service, author) => adopt(core, service, author),
    checkNow: (service, server) => checkNow(core, service, server),
    setRole: (wishes, text) => core.setRole(wishes, text),
    unfitness: () => unfitnessOf(core),
    alarm: (alarm, text) => (text === undefined ? core.events.end(alarm) : core.events.alarm(alarm, text)),
    stop: () => core.stop(),
  };
}
