import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { usageError } from '../../errors/ipvsadm-error';
import { failure } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { Interruption } from '../../platform/interactive-system';
import { type Made, makeSetup, openSteps, undoSetup } from '../../setup/carry-out';
import { stepsBeforeTable, vipSteps } from '../../setup/director';
import { stepKey } from '../../setup/journal';
import { describeStep, kindOf } from '../../setup/kinds';
import type { AddressStep, Machine, Step } from '../../setup/step';
import type { ReadState } from '../../state/files/read';
import { applyPlan, type Planned, planFor } from '../../state/plan/apply';
import { planChanges } from '../../state/plan/diff';
import { patchLines } from '../../state/plan/patch';
import { readLive } from '../../state/table/live';
import { serverName, serviceName } from '../../state/table/table-state';
import { ALLOW_EMPTY, emptiedTable } from '../support/allow-empty';
import { IpvsCommand } from '../support/base';
import { journalOf, leftLines, withMachine } from '../support/machine';
import { quietFlag } from '../support/quiet';
import { inputFormatFlag, readingFlags, readValid } from '../support/read-state';
import { counted, reportUndone } from '../support/report-undone';
import { announce } from './announce';
import { type FormerTable, readFormerTable, withPlan, writeFormerTable } from './former-table';
import { directorOptions } from './options';

export default class DirectorUp extends IpvsCommand {
  static override summary = 'make this machine a director, with the table of a file';
  static override description =
    'First the kernel settings, then the table as apply makes it, then the VIPs, so that no client is refused in ' +
    'between; at last gratuitous ARP and neighbour advertisements. What is as wanted already stays; what was there ' +
    'before is remembered until director down puts it back, or the machine starts anew.';
  static override examples = [
    '<%= config.bin %> director up lvs.yaml',
    '<%= config.bin %> director up table.json --interface eth0 --vip 192.0.2.10',
    '<%= config.bin %> director up table.json --dry-run',
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description:
        'the wanted table, in any format that apply reads, and in a state document of version 2 the VIPs; - is standard input',
    }),
  };
  static override flags = {
    format: inputFormatFlag,
    ...readingFlags,
    interface: Flags.string({
      helpValue: 'INTERFACE',
      description:
        'the interface that gets the VIPs; default: the one of their subnet, or of the default route',
    }),
    vip: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'ADDRESS',
      description:
        'a virtual IP address; repeatable; default: the addresses of the services. Without a prefix it gets /32 or ' +
        '/128: a wider one may become the source address of this machine, which real servers cannot answer',
    }),
    snat: Flags.boolean({
      allowNo: true,
      description: 'connections to masquerading real servers get this machine as their source, by nftables',
    }),
    'allow-empty': Flags.boolean({
      description: 'delete the complete table if the file has no virtual services',
    }),
    'dry-run': Flags.boolean({
      description: 'change nothing; print the ip, sysctl, nft and ipvsadm commands',
    }),
    json: Flags.boolean({ description: 'print what was done as JSON' }),
    ...quietFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DirectorUp);
    const { system } = this.context;
    const read = await readValid(args.file, this.context, { format: flags.format, complete: true, flags });
    await withMachine(system, async (machine) => {
      const kernel = system.readFile('/proc/sys/kernel/osrelease') ?? '';
      const options = directorOptions(read, flags, machine, kernel);
      const setup = { before: stepsBeforeTable(options), vips: vipSteps(options) };
      const work = (session: Session) => {
        const replan = () => planned(session, read);
        const first = replan();
        const emptied = flags['allow-empty'] ? undefined : emptiedTable(read, first.before, {});
        if (emptied !== undefined) {
          const advice = `ipvsadm: nothing was changed; ${ALLOW_EMPTY} permits it`;
          throw usageError(bytesFromUnicode(`ipvsadm: ${emptied}\n${advice}`));
        }
        if (flags['dry-run']) return this.show(first, setup, machine, read);
        return this.carryOut({ first, replan, read, setup, machine, session, json: flags.json });
      };
      await (flags['dry-run'] ? this.connected(work) : this.changing(work));
    });
  }

  private show({ plan, before }: Planned, setup: Setup, machine: Machine, { source }: ReadState): number {
    const { output } = this.context;
    const shell = (steps: readonly Step[]) => {
      for (const { step } of openSteps(steps, machine)) output.write(`${kindOf(step).shell(step).make}\n`);
    };
    shell(setup.before);
    for (const { sign, text } of patchLines(plan, before, bytesFromUnicode(source.name))) {
      if (sign !== 'head') output.write(`${sign} ${text}\n`);
    }
    shell(setup.vips);
    return exitStatus.ok;
  }

  private async carryOut(work: Work): Promise<number> {
    const { setup, machine, json } = work;
    const { output, system } = this.context;
    const journal = journalOf('director', system);
    const { made } = await makeSetup(setup.before, machine, journal);
    const applied = await this.applyTable(work).catch(async (error) => {
      const mine = new Set(made.map(stepKey));
      await undoSetup(machine, journal, (step) => mine.has(stepKey(step)));
      throw error;
    });
    if (applied.status !== exitStatus.ok) {
      const mine = new Set(made.map(stepKey));
      await undoSetup(machine, journal, (step) => mine.has(stepKey(step)));
      return applied.status;
    }
    const vips = await this.addVips(work, made, applied.former);
    const kept = new Set(setup.vips.map(stepKey));
    const gone = await undoSetup(
      machine,
      journal,
      (step) => step.kind === 'address' && !kept.has(stepKey(step)),
    );
    const fresh = vips.made.length > 0;
    const announced = await announce({ vips: setup.vips, fresh, machine, journal }, this.context);
    if (json) {
      const done = { made: [...made, ...vips.made], undone: gone.undone, changes: applied.made, announced };
      output.write(`${JSON.stringify(done, undefined, 2)}\n`);
      return exitStatus.ok;
    }
    for (const step of made) output.done(`+ ${describeStep(step)}\n`);
    if (applied.made > 0) output.done(`+ table: ${counted(applied.made)}\n`);
    for (const name of deletedBy(work.first)) output.done(`- ${name}\n`);
    for (const step of vips.made) output.done(`+ ${describeStep(step)}\n`);
    for (const step of gone.undone) output.done(`- ${describeStep(step)}\n`);
    for (const line of leftLines(gone.left)) output.error(line);
    if (made.length + applied.made + vips.made.length + gone.undone.length === 0)
      output.done('nothing to change\n');
    return exitStatus.ok;
  }

  /** Adds the VIPs; takes the table and the settings back if it fails. @throws StepFailure. */
  private async addVips(
    { setup, machine, session, first }: Work,
    made: readonly Step[],
    former: FormerTable | undefined,
  ): Promise<Made> {
    const { system } = this.context;
    const journal = journalOf('director', system);
    try {
      return await makeSetup(setup.vips, machine, journal);
    } catch (error) {
      const { client } = session.connection;
      const before = readLive(client);
      const applied = await applyPlan({ plan: planChanges(before, first.before), before }, client);
      if (applied.kind === 'done') await writeFormerTable(former, system);
      const mine = new Set(made.map(stepKey));
      await undoSetup(machine, journal, (step) => mine.has(stepKey(step)));
      throw error;
    }
  }

  /** Applies the table of the file, or takes its changes back. @returns an exit status that is not 0 then. */
  private async applyTable({
    first,
    replan,
    read,
    session,
  }: Work): Promise<{ status: number; made: number; former: FormerTable | undefined }> {
    const { output, system } = this.context;
    const former = readFormerTable(system);
    if (first.plan.length === 0) return { status: exitStatus.ok, made: 0, former };
    await writeFormerTable(withPlan(former, first.plan, first.before), system);
    let signal: Interruption | undefined;
    const applied = await system.interruptible(
      async (sleep) =>
        await applyPlan(first, session.connection.client, {
          pause: async () => {
            signal ??= await sleep(0);
            return signal !== undefined;
          },
          replan,
        }),
      () => output.error('ipvsadm: ended by a second signal: some changes are made, others are not'),
    );
    if (applied.kind === 'done') return { status: exitStatus.ok, made: applied.made, former };
    if (applied.kind === 'put-back') await writeFormerTable(former, system);
    const status = reportUndone(applied, first.before, signal, read, this.context);
    return { status, made: 0, former };
  }
}

interface Setup {
  readonly before: readonly Step[];
  readonly vips: readonly AddressStep[];
}

interface Work {
  readonly first: Planned;
  readonly replan: () => Planned;
  readonly read: ReadState;
  readonly setup: Setup;
  readonly machine: Machine;
  readonly session: Session;
  readonly json: boolean;
}

/** The services and real servers that a plan deletes, as words of a message. */
function deletedBy({ plan }: Planned): string[] {
  return plan.flatMap(({ change }) => {
    if (change.kind === 'delete-service') return [`service ${serviceName(change.key)}`];
    if (change.kind !== 'delete-server') return [];
    return [`real server ${serverName(change.server)} of ${serviceName(change.key)}`];
  });
}

function planned({ connection }: Session, { state }: ReadState): Planned {
  try {
    return planFor(connection.client, state, {});
  } catch (error) {
    throw failure('save', error, exitStatus.refused);
  }
}
