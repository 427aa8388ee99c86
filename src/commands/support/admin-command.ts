/** What an operator wants of real servers: `server drain`, `server maint`, `server ready`. */
import type { Interfaces } from '@oclif/core';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { unicodeFromBytes } from '../../bytes/unicode';
import type { AdminState } from '../../model/director';
import { IpvsCommand } from './base';
import { CommandLineError } from './command-line-error';
import { durationFlag, order, orderFlags, splitName } from './director';
import type { UsageForm } from './usage';

/** What a command line that names servers as the daemon does has to have. */
const adminArgs = {
  name: Args.string({
    description: 'SERVICE/SERVER, or SERVICE for all of its servers: names of the file, or keys',
    ignoreStdin: true,
  }),
};

const adminFlags = {
  host: Flags.string({ helpValue: 'ADDRESS', description: 'every real server of this address' }),
  for: durationFlag({ description: 'for this long, such as 2h; default: until it is said otherwise' }),
  reason: Flags.string({ helpValue: 'TEXT', description: 'why, for those who see it' }),
  ...orderFlags,
};

/** Help shows NAME and --host as the two ways to name servers. */
export const adminForm = { args: adminArgs, flags: adminFlags, either: ['name', 'host'] } as const;

/** The servers that a command line names. */
export type AdminSelector =
  | { readonly service: string; readonly server?: string }
  | { readonly host: string };

export interface AdminWords {
  readonly args: { readonly name?: string | undefined };
  readonly flags: {
    readonly host?: string | undefined;
    readonly for?: number | undefined;
    readonly reason?: string | undefined;
    readonly socket: string;
    readonly json?: boolean;
  };
}

export abstract class AdminCommand extends IpvsCommand {
  static override args = adminArgs;
  static override flags: Interfaces.FlagInput = adminFlags;
  static forms: readonly UsageForm[] = [adminForm];

  /** Asks the daemon for a state of the servers that the command line names. */
  protected async setAdmin(admin: AdminState): Promise<void> {
    await this.wish(admin, await this.parse(adminForm));
  }

  /** The same for a command line that was parsed. @returns the servers. */
  protected async wish(admin: AdminState, { args, flags }: AdminWords): Promise<AdminSelector> {
    if ((args.name === undefined) === (flags.host === undefined)) {
      throw new CommandLineError([this.unnamed]);
    }
    const selector =
      flags.host === undefined ? splitName(args.name!) : { host: unicodeFromBytes(flags.host) };
    await order(this.context, flags, '/v1/admin', {
      ...selector,
      admin,
      ...(flags.for === undefined ? {} : { for: flags.for }),
      ...(flags.reason === undefined ? {} : { reason: unicodeFromBytes(flags.reason) }),
    });
    return selector;
  }

  /** What a command line without a server, or with two, is told. */
  protected get unnamed(): string {
    return 'which server? name one as SERVICE/SERVER, or give --host ADDRESS';
  }
}
