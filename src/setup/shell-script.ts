/** A set-up as a script for a POSIX shell with iproute2; without tunnels busybox alone will do. */
import { kindOf } from './kinds';
import type { Step } from './step';

/** Where the script keeps the former values of sysctls, and how to take back what it has made. */
const KEPT = '/run/ipvsadm-realserver.kept';

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
    'set_to() { # NAME VALUE, and other values that will do',
    '  name=$1',
    '  shift',
    '  old=$(cat "/proc/sys/$name")',
    '  for good; do if [ "$old" = "$good" ]; then return 0; fi; done',
    '  grep -q "^$name " "$kept" 2>/dev/null || echo "$name $old" >>"$kept"',
    '  echo "$1" >"/proc/sys/$name"',
    '  echo "+ $name = $1"',
    '}',
    'unless() { # TEST COMMAND, and the command that takes it back',
    '  if eval "$1" >/dev/null 2>&1; then return 0; fi',
    '  echo "made $3" >>"$kept"',
    '  eval "$2"',
    '  echo "+ $2"',
    '}',
  ],
  down: [
    'back() { # NAME VALUE',
    '  [ -e "/proc/sys/$1" ] || return 0',
    '  old=$(sed -n "s,^$1 ,,p" "$kept" 2>/dev/null) || old=',
    '  [ -n "$old" ] || return 0',
    '  now=$(cat "/proc/sys/$1")',
    '  if [ "$now" = "$old" ]; then return 0; fi',
    '  if [ "$now" != "$2" ]; then echo "$1 stays: it is $now by now"; return 0; fi',
    '  echo "$old" >"/proc/sys/$1"',
    '  echo "- $1 = $2"',
    '}',
    'when() { # TEST COMMAND',
    '  grep -qxF "made $2" "$kept" 2>/dev/null || return 0',
    '  if eval "$1" >/dev/null 2>&1; then eval "$2"; echo "- $2"; fi',
    '}',
  ],
};

const ends = { up: [], down: ['rm -f "$kept"'] };

function upLines(step: Step): string[] {
  if (step.kind === 'sysctl') return [['set_to', step.name, step.value, ...(step.orElse ?? [])].join(' ')];
  const { make, undo } = kindOf(step).shell(step);
  return [`unless '${present(step)}' '${make}' '${undo}'`];
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
