/** The subcommands. */
import type { Command, Config } from '@oclif/core';
import Apply from './apply';
import Clear from './clear';
import Completion from './completion';
import Convert from './convert';
import DaemonStart from './daemon/start';
import DaemonStop from './daemon/stop';
import Diff from './diff';
import List from './list';
import Restore from './restore';
import Save from './save';
import Schema from './schema';
import ServerAdd from './server/add';
import ServerDelete from './server/delete';
import ServerDrain from './server/drain';
import ServerEdit from './server/edit';
import ServerSet from './server/set';
import ServiceAdd from './service/add';
import ServiceDelete from './service/delete';
import ServiceEdit from './service/edit';
import SetTimeouts from './set-timeouts';
import Snapshot from './snapshot';
import type { IpvsCommand } from './support/base';
import Version from './version';
import Zero from './zero';

export type SubcommandClass = Pick<Command.Class, keyof Command.Class> &
  (new (
    argv: string[],
    config: Config,
  ) => IpvsCommand);

/** The command classes by name. oclif joins the words of a name with colons. */
export const commands: Readonly<Record<string, SubcommandClass>> = {
  apply: Apply,
  clear: Clear,
  completion: Completion,
  convert: Convert,
  'daemon:start': DaemonStart,
  'daemon:stop': DaemonStop,
  diff: Diff,
  list: List,
  restore: Restore,
  save: Save,
  schema: Schema,
  'server:add': ServerAdd,
  'server:delete': ServerDelete,
  'server:drain': ServerDrain,
  'server:edit': ServerEdit,
  'server:set': ServerSet,
  'service:add': ServiceAdd,
  'service:delete': ServiceDelete,
  'service:edit': ServiceEdit,
  'set-timeouts': SetTimeouts,
  snapshot: Snapshot,
  version: Version,
  zero: Zero,
};
