/** Makes a set-up, takes it back, compares it with what is there. */
import { type Journal, type JournalEntry, stepKey } from './journal';
import { describeStep, formerOf, kindOf } from './kinds';
import { reasonOf } from './reason';
import type { Former, Machine, Step } from './step';

/** What `makeSetup` did. */
export interface Made {
  /** The steps that were not as wanted, in order. */
  readonly made: readonly Step[];
}

/** A step that failed: what had been made was taken back, except for `left`. */
export class StepFailure extends Error {
  constructor(
    readonly step: Step,
    override readonly cause: unknown,
    readonly left: readonly Left[],
  ) {
    super(`${describeStep(step)}: ${cause instanceof Error ? cause.message : cause}`);
    this.name = 'StepFailure';
  }
}

/** A step that was not taken back, and why. */
export interface Left {
  readonly step: Step;
  readonly reason: string;
}

/** The steps that are not as wanted, each with what is there. */
export function openSteps(steps: readonly Step[], machine: Machine): readonly JournalEntry[] {
  return steps.flatMap((step) => {
    const former = attempt(step, () => formerOf(step, machine));
    return former === undefined ? [] : [{ step, former }];
  });
}

/**
 * Makes the steps that are not as wanted. The journal tells of them before the first is made; what it
 * told before stays. @throws StepFailure.
 */
export async function makeSetup(steps: readonly Step[], machine: Machine, journal: Journal): Promise<Made> {
  const before = journal.read();
  const open = openSteps(steps, machine);
  if (open.length === 0) return { made: [] };
  const known = new Set(before.map(({ step }) => stepKey(step)));
  const fresh = open.filter(({ step }) => !known.has(stepKey(step)) && !kindOf(step).stays);
  await journal.write([...before, ...fresh]);
  const made: JournalEntry[] = [];
  for (const entry of open) {
    try {
      kindOf(entry.step).make(entry.step, machine);
      made.push(entry);
    } catch (cause) {
      const left = undoAll(made, machine);
      await journal.write([...before, ...entriesOf(left, fresh)]);
      throw new StepFailure(entry.step, cause, left);
    }
  }
  return { made: made.map(({ step }) => step) };
}

/**
 * Puts back what was there before the steps that the journal tells of.
 * @param chosen which of them; the others stay, and so does the journal's word on them.
 */
export async function undoSetup(
  machine: Machine,
  journal: Journal,
  chosen: (step: Step) => boolean = () => true,
): Promise<{ readonly undone: readonly Step[]; readonly left: readonly Left[] }> {
  const entries = journal.read();
  const mine = entries.filter(({ step }) => chosen(step));
  const left = undoAll(mine, machine);
  const failed = new Set(left.filter(({ retry }) => retry).map(({ step }) => step));
  await journal.write(entries.filter(({ step }) => !chosen(step) || failed.has(step)));
  const leftSteps = new Set(left.map(({ step }) => step));
  const undone = mine.map(({ step }) => step).filter((step) => !leftSteps.has(step));
  return { undone: undone.reverse(), left };
}

interface NotUndone extends Left {
  /** Whether it failed; otherwise somebody else has changed it, and it is theirs now. */
  readonly retry: boolean;
}

/** A VIP that stays needs what was made before it: without the ARP settings it would be announced. */
function undoAll(entries: readonly JournalEntry[], machine: Machine): NotUndone[] {
  const left: NotUndone[] = [];
  let stays: Step | undefined;
  for (const { step, former } of [...entries].reverse()) {
    if (stays && step.kind !== 'address') {
      left.push({ step, reason: `${describeStep(stays)} needs it`, retry: true });
      continue;
    }
    try {
      const reason = kindOf(step).undo(step, former, machine);
      if (reason !== undefined) left.push({ step, reason, retry: false });
    } catch (error) {
      left.push({ step, reason: reasonOf(error), retry: true });
      if (step.kind === 'address') stays = step;
    }
  }
  return left;
}

function entriesOf(left: readonly Left[], entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const steps = new Set(left.map(({ step }) => step));
  return entries.filter(({ step }) => steps.has(step));
}

function attempt(step: Step, look: () => Former | undefined): Former | undefined {
  try {
    return look();
  } catch (cause) {
    throw new StepFailure(step, cause, []);
  }
}
