/** What an operator wants of real servers: `server drain`, `server maint`, `server ready`. */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { unicodeFromBytes } from '../../bytes/unicode';
import type { AdminState } from '../../model/director';
import { IpvsCommand } from './base';
import { CommandLineError } from './command-line-error';
import { durationFlag, jsonFlag, order, socketFlag, splitName } from './director';

export const adminArgs = {
  name: Args.string({
    description: 'SERVICE/SERVER, or SERVICE for all of its servers: names of the file, or keys',
    ignoreStdin: true,
  }),
};

export const adminFlags = {
  host: Flags.string({ helpValue: 'ADDRESS', description: 'every real server of this address' }),
  for: durationFlag({ description: 'for this long, such as 2h; default: until it is said otherwise' }),
  reason: Flags.string({ helpValue: 'TEXT', description: 'why, for those who see it' }),
  ...socketFlag,
  ...jsonFlag,
};

export abstract class AdminCommand extends IpvsCommand {
  /** Asks the daemon for a state of the servers that the command line names. */
  protected async setAdmin(admin: AdminState): Promise<void> {
    const { args, flags } = await this.parse({ args: adminArgs, flags: adminFlags });
    if ((args.name === undefined) === (flags.host === undefined)) {
      throw new CommandLineError(['which server? name one as SERVICE/SERVER, or give --host ADDRESS']);
    }
    const selector =
      flags.host === undefined ? splitName(args.name!) : { host: unicodeFromBytes(flags.host) };
    await order(this.context, flags, '/v1/admin', {
      ...selector,
      admin,
      ...(flags.for === undefined ? {} : { for: flags.for }),
      ...(flags.reason === undefined ? {} : { reason: unicodeFromBytes(flags.reason) }),
    });
  }
}
