/**
 * Software bills of materials: what others wrote in the files that we ship, as CycloneDX 1.5 JSON.
 * They are the same whenever one commit is built, so they have no serial number, and their
 * timestamp is the commit's. https://cyclonedx.org/docs/1.5/json/
 */
import { description, license, name, version } from '../package.json';
import { sourceDate } from './manual/edition';
import type { ThirdPartyPackage } from './third-party';

export interface Component {
  readonly 'bom-ref': string;
  readonly type: 'library';
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly (
    | { readonly license: { readonly id: string } }
    | { readonly expression: string }
  )[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

export interface Sbom {
  readonly components: readonly Component[];
  readonly [property: string]: unknown;
}

/** Returns the bill of a build that contains `components`. */
export function sbom(components: readonly Component[]): Sbom {
  const ref = npmUrl(name, version);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: new Date(sourceDate() * 1000).toISOString(),
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': ref,
        type: 'application',
        name,
        version,
        description,
        licenses: [{ license: { id: license } }],
        purl: ref,
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map((component) => component['bom-ref']) }],
  };
}

export function formatSbom(bill: Sbom): string {
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

export function npmComponent({ name, version, license, integrity }: ThirdPartyPackage): Component {
  const purl = npmUrl(name, version);
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    ...(license && { licenses: [licenseChoice(license)] }),
    ...(integrity && { hashes: [hash(integrity)] }),
  };
}

/** Returns the component of a source package in Debian, under the license `license`. */
export function debianComponent(
  { suite, name, version }: { suite: string; name: string; version: string },
  license: string,
): Component {
  const purl = `pkg:deb/debian/${name}@${version}?arch=source&distro=${suite}`;
  return { 'bom-ref': purl, type: 'library', name, version, purl, licenses: [licenseChoice(license)] };
}

/** Returns a package URL: https://github.com/package-url/purl-spec */
function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** CycloneDX distinguishes the identifier of a license from an expression with operators. */
function licenseChoice(license: string): { license: { id: string } } | { expression: string } {
  return license.includes(' ') ? { expression: license } : { license: { id: license } };
}

/** Converts a checksum of package-lock.json (`sha512-` and base64). */
function hash(integrity: string): { alg: string; content: string } {
  const [, bits, base64] = /^sha(\d+)-(\S+)/.exec(integrity)!;
  return { alg: `SHA-${bits}`, content: Buffer.from(base64!, 'base64').toString('hex') };
}
