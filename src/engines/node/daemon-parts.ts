/**
 * Loads the bundles that the daemon needs sometime (scripts/parts.ts): an upgrade of the package
 * replaces its files while the daemon runs, and those of another version do not fit. Besides, a bundle
 * that is loaded later keeps checks waiting.
 */
export function loadDaemonParts(): void {
  require('../../errors/strerror');
  require('../../explain/hint');
  require('../../state/document/schema');
  require('../../state/keepalived/read');
  require('../../state/ldirectord/read');
  require('../../state/source/parse-json');
  require('../../state/source/parse-yaml');
}
