/** A set-up as a script for a POSIX shell with iproute2 or busybox. */
import { kindOf } from './kinds';
import type { Step } from './step';

/** Where the script keeps the values of sysctls as they were. */
const KEPT = '/run/ipvsadm-realserver.sysctl';

/**
 * The script makes each step unless it is as wanted, ends at the first that fails, and tells what it
 * did. `down` puts back what `up` found.
 */
export function shellScript(action: 'up' | 'down', steps: readonly Step[]): string {
  const lines = action === 'up' ? steps.flatMap(upLines) : [...steps].reverse().flatMap(downLines);
  return ['#!/bin/sh', 'set -eu', `kept=${KEPT}`, ...functions[action], ...lines, ...ends[action], ''].join(
    '\n',
  );
}

const functions = {
  up: [
    'set_to() {',
    '  old=$(cat "/proc/sys/$1")',
    '  [ "$old" = "$2" ] && return',
    '  grep -q "^$1 " "$kept" 2>/dev/null || echo "$1 $old" >>"$kept"',
    '  echo "$2" >"/proc/sys/$1"',
    '  echo "+ $1 = $2"',
    '}',
    'unless() {',
    '  if eval "$1" >/dev/null 2>&1; then return; fi',
    '  eval "$2"',
    '  echo "+ $2"',
    '}',
  ],
  down: [
    'back() {',
    '  [ -e "/proc/sys/$1" ] || return 0',
    '  old=$(sed -n "s,^$1 ,,p" "$kept" 2>/dev/null) || old=',
    '  [ -n "$old" ] || return 0',
    '  [ "$(cat "/proc/sys/$1")" = "$2" ] || { echo "$1 stays: somebody else has changed it"; return 0; }',
    '  echo "$old" >"/proc/sys/$1"',
    '  echo "- $1 = $2"',
    '}',
    'when() {',
    '  if eval "$1" >/dev/null 2>&1; then eval "$2"; echo "- $2"; fi',
    '}',
  ],
};

const ends = { up: [], down: ['rm -f "$kept"'] };

function upLines(step: Step): string[] {
  if (step.kind === 'sysctl') return [`set_to ${step.name} ${step.value}`];
  return [`unless '${present(step)}' '${kindOf(step).shell(step).make}'`];
}

function downLines(step: Step): string[] {
  if (step.kind === 'sysctl') return [`back ${step.name} ${step.value}`];
  if (step.kind === 'module' || step.kind === 'link-up') return [];
  return [`when '${present(step)}' '${kindOf(step).shell(step).undo}'`];
}

/** A test of the shell: whether a step is as wanted. */
function present(step: Exclude<Step, { kind: 'sysctl' }>): string {
  switch (step.kind) {
    case 'address':
      return `ip address show dev ${step.link} | grep -F " ${step.address}/${step.prefix} "`;
    case 'tunnel':
      return `ip link show dev ${step.link}`;
    case 'link-up':
      return `ip link show dev ${step.link} | grep "[<,]UP[,>]"`;
    case 'gue':
      return `ip fou show | grep -w "port ${step.port}"`;
    case 'source-nat':
      return 'false'; // replaces the table as a whole
    case 'module':
      return `[ -d /sys/module/${step.name} ]`;
  }
}
