/** What diff and apply share. */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { failure } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { ReadState } from '../../state/files/read';
import { type Planned, planFor } from '../../state/plan/apply';
import type { PlannedChange, PlanOptions } from '../../state/plan/diff';
import { parseServiceName } from '../../state/table/parse-service-name';
import { serviceName, type WholeState } from '../../state/table/table-state';
import { ALLOW_EMPTY } from './allow-empty';
import { IpvsCommand } from './base';
import { colourFlag } from './colour-flag';
import { CommandLineError } from './command-line-error';
import { type DataFlags, dataFlags } from './data';
import { printPlan } from './print-plan';
import { quietFlag } from './quiet';
import { inputFormatFlag, type ReadingFlags, readingFlags, readValid } from './read-state';

export const planArgs = {
  file: Args.string({
    required: true,
    ignoreStdin: true,
    description: 'the wanted state: a state document (JSON, YAML) or ipvsadm rules; - is standard input',
  }),
};

export const planFlags = {
  format: inputFormatFlag,
  ...readingFlags,
  only: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'SERVICE',
    description:
      'change only this service, such as tcp:192.0.2.10:80, udp:[2001:db8::1]:53, fwmark:7 or fwmark:7:ipv6; repeatable',
  }),
  'keep-weights': Flags.boolean({ description: 'do not change the weights of existing real servers' }),
  ...dataFlags('print the changes as JSON'),
  color: colourFlag,
  ...quietFlag,
};

export interface PlanFlags extends ReadingFlags, DataFlags {
  readonly format?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly 'keep-weights': boolean;
  readonly color: string;
}

export abstract class PlanCommand extends IpvsCommand {
  /**
   * Reads the wanted state and plans the changes that lead to it.
   * @param replan reads the table and plans again.
   * @param instead does something else with the file, if it returns true.
   * @throws IpvsadmError.
   */
  protected async planned(
    file: string,
    flags: PlanFlags,
    work: (planned: Planned, read: ReadState, session: Session, replan: () => Planned) => Promise<number>,
    {
      changes = false,
      instead,
    }: { readonly changes?: boolean; readonly instead?: (read: ReadState) => Promise<boolean> } = {},
  ): Promise<void> {
    const only = flags.only && new Set(flags.only.map(nameOfService));
    const read = await readValid(file, this.context, { format: flags.format, complete: true, flags });
    if (await instead?.(read)) return;
    const options = { only, keepWeights: flags['keep-weights'] };
    await this.plannedFor(read, options, (planned, ...rest) => work(planned, read, ...rest), changes);
  }

  /** Plans the changes that lead to a state. @param replan as for `planned`. @throws IpvsadmError. */
  protected async plannedFor(
    read: ReadState,
    options: PlanOptions,
    work: (planned: Planned, session: Session, replan: () => Planned) => Promise<number>,
    changes: boolean,
  ): Promise<void> {
    const connected = changes ? this.changing : this.connected;
    await connected.call(this, (session) => {
      const replan = () => planFor(session.connection.client, read.state, options);
      const planned = planOrFail(replan);
      checkNames(options.only, planned.before, read);
      return work(planned, session, replan);
    });
  }

  /** Says on standard error that apply refuses the plan. @param emptied the result of `emptiedTable`. */
  protected note(emptied: string): void {
    this.context.output.note(bytesFromUnicode(`ipvsadm: note: ${emptied}; it requires ${ALLOW_EMPTY}`));
  }

  /** Prints a plan, as a patch or as JSON. */
  protected print(
    plan: readonly PlannedChange[],
    before: WholeState,
    file: string,
    flags: DataFlags & Pick<PlanFlags, 'color'>,
  ): void {
    printPlan(plan, before, file, flags, this.context);
  }
}

function planOrFail(plan: () => Planned): Planned {
  try {
    return plan();
  } catch (error) {
    throw failure('save', error, exitStatus.refused);
  }
}

function nameOfService(text: string): string {
  const name = parseServiceName(text);
  if (name !== undefined) return name;
  throw new CommandLineError([
    `--only ${text}: a service is tcp:192.0.2.10:80, udp:[2001:db8::1]:53, fwmark:7 or fwmark:7:ipv6`,
  ]);
}

/** @throws IpvsadmError when --only names a service that neither the table nor the file has. */
function checkNames(
  only: ReadonlySet<string> | undefined,
  before: WholeState,
  { state, source }: ReadState,
): void {
  const known = new Set(
    [...before.services, ...(state.services ?? [])].map(({ service }) => serviceName(service.key)),
  );
  for (const name of only ?? []) {
    if (known.has(name)) continue;
    throw new IpvsadmError(
      `ipvsadm: --only ${name}: neither the table nor ${bytesFromUnicode(source.name)} has that service`,
      exitStatus.usage,
    );
  }
}
