import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import type { OptionName } from './options';

/**
 * What an error is about: the first of these options that the command line has, or a positional
 * argument by its index.
 */
export type Subject = { readonly options: readonly OptionName[] } | { readonly positional: number };

/** A command line that is refused, and the part of it to blame. Status 2. */
export class CommandLineError extends IpvsadmError {
  constructor(
    message: string,
    readonly subject: Subject,
  ) {
    super(message, exitStatus.usage);
  }
}
