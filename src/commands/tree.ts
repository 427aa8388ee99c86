/** The subcommands. */
import type { Command, Config } from '@oclif/core';
import Apply from './apply';
import Clear from './clear';
import Completion from './completion';
import Connections from './connections';
import Convert from './convert';
import DaemonStart from './daemon/start';
import DaemonStop from './daemon/stop';
import Diff from './diff';
import DirectorAdopt from './director/adopt';
import DirectorConfirm from './director/confirm';
import DirectorDown from './director/down';
import DirectorHistory from './director/history';
import DirectorReload from './director/reload';
import DirectorRollback from './director/rollback';
import DirectorRun from './director/run';
import DirectorStatus from './director/status';
import DirectorStop from './director/stop';
import DirectorUp from './director/up';
import Doctor from './doctor';
import HaResign from './ha/resign';
import HaStatus from './ha/status';
import HaTest from './ha/test';
import Health from './health';
import HealthCheck from './health/check';
import History from './history';
import HistoryShow from './history/show';
import List from './list';
import Metrics from './metrics';
import Monitor from './monitor';
import Probe from './probe';
import RealServerDown from './realserver/down';
import RealServerScript from './realserver/script';
import RealServerStatus from './realserver/status';
import RealServerUp from './realserver/up';
import Restore from './restore';
import Save from './save';
import Schema from './schema';
import ServerAdd from './server/add';
import ServerDelete from './server/delete';
import ServerDrain from './server/drain';
import ServerEdit from './server/edit';
import ServerList from './server/list';
import ServerMaint from './server/maint';
import ServerReady from './server/ready';
import ServerSet from './server/set';
import ServiceAdd from './service/add';
import ServiceDelete from './service/delete';
import ServiceEdit from './service/edit';
import ServiceSet from './service/set';
import ServiceShow from './service/show';
import SetTimeouts from './set-timeouts';
import Snapshot from './snapshot';
import type { IpvsCommand } from './support/base';
import type { UsageForm } from './support/usage';
import Top from './top';
import Undo from './undo';
import Version from './version';
import Web from './web';
import WebRevoke from './web/revoke';
import WebToken from './web/token';
import WebTokens from './web/tokens';
import WhatIf from './what-if';
import Zero from './zero';

export type SubcommandClass = Pick<Command.Class, keyof Command.Class> & {
  /** The ways to call it, if one usage line for all flags would say too little. */
  readonly forms?: readonly UsageForm[];
} & (new (
    argv: string[],
    config: Config,
  ) => IpvsCommand);

/** The command classes by name. oclif joins the words of a name with colons. */
export const commands: Readonly<Record<string, SubcommandClass>> = {
  apply: Apply,
  clear: Clear,
  completion: Completion,
  connections: Connections,
  convert: Convert,
  'daemon:start': DaemonStart,
  'daemon:stop': DaemonStop,
  diff: Diff,
  'director:adopt': DirectorAdopt,
  'director:confirm': DirectorConfirm,
  'director:down': DirectorDown,
  'director:history': DirectorHistory,
  'director:reload': DirectorReload,
  'director:rollback': DirectorRollback,
  'director:run': DirectorRun,
  'director:status': DirectorStatus,
  'director:stop': DirectorStop,
  'director:up': DirectorUp,
  doctor: Doctor,
  'ha:resign': HaResign,
  'ha:test': HaTest,
  'ha:status': HaStatus,
  health: Health,
  'health:check': HealthCheck,
  history: History,
  'history:show': HistoryShow,
  list: List,
  metrics: Metrics,
  monitor: Monitor,
  probe: Probe,
  'realserver:down': RealServerDown,
  'realserver:script': RealServerScript,
  'realserver:status': RealServerStatus,
  'realserver:up': RealServerUp,
  restore: Restore,
  save: Save,
  schema: Schema,
  'server:add': ServerAdd,
  'server:delete': ServerDelete,
  'server:drain': ServerDrain,
  'server:edit': ServerEdit,
  'server:list': ServerList,
  'server:maint': ServerMaint,
  'server:ready': ServerReady,
  'server:set': ServerSet,
  'service:add': ServiceAdd,
  'service:delete': ServiceDelete,
  'service:edit': ServiceEdit,
  'service:set': ServiceSet,
  'service:show': ServiceShow,
  'set-timeouts': SetTimeouts,
  snapshot: Snapshot,
  top: Top,
  undo: Undo,
  version: Version,
  web: Web,
  'web:revoke': WebRevoke,
  'web:token': WebToken,
  'web:tokens': WebTokens,
  'what-if': WhatIf,
  zero: Zero,
};
