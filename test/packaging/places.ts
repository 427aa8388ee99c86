import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../lab/paths';

/** A new, empty directory that jobs of the lab see in its place; the caller removes it. */
export function throwAwayDirectory(purpose: string): string {
  const parent = join(checkout, 'node_modules/.cache/ipvsadm-packaging');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `${purpose}-`));
}
