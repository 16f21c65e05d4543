import { nameOf } from '../paths.js';

/** What a manifest asks for of a package that it names, as Swift's package manager puts it. */
export interface BareLimit {
  name: string;
  line: number | null;
  /** `exactVersion`, `upToNextMajorVersion`, `upToNextMinorVersion`, `versionRange`, … */
  kind: string;
  version: string;
  /** Where a range ends. */
  most: string;
}

/** The version that a limit stays below, or that it takes; undefined if newer ones are open. */
export function boundOf({
  kind,
  version,
  most,
}: BareLimit): { below: string } | { exactly: string } | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!/^\d+(\.\d+)*/.test(version)) return undefined;
  if (kind === 'exactVersion') return { exactly: version };
  if (kind === 'upToNextMajorVersion') return { below: `${major + 1}.0.0` };
  if (kind === 'upToNextMinorVersion') return { below: `${major}.${minor + 1}.0` };
  if (kind === 'versionRange' && most !== '') return { below: most };
  return undefined;
}

/** The limit that a requirement of CocoaPods puts, such as `~> 6.2` or `= 6.0.1`. */
export function podLimit(
  requirement: string,
): Pick<BareLimit, 'kind' | 'version' | 'most'> | undefined {
  const [, sign = '=', version = ''] =
    /^\s*(~>|=|<=?|>=?)?\s*v?(\d[\w.-]*)\s*$/.exec(requirement) ?? [];
  if (version === '') return undefined;
  const parts = version.split('.').length;
  if (sign === '=') return { kind: 'exactVersion', version, most: '' };
  if (sign === '<') return { kind: 'versionRange', version: '0', most: version };
  if (sign !== '~>') return undefined;
  return { kind: parts > 2 ? 'upToNextMinorVersion' : 'upToNextMajorVersion', version, most: '' };
}

const packageLine =
  /\.package\s*\(\s*(?:name:\s*"[^"\n]*"\s*,\s*)?url:\s*"([^"\n]+)"\s*,\s*([^\n]{0,200})/g;

const requirement =
  /^(?:(exact:|\.exact\(|\.exactItem\()|(\.upToNextMinor\(from:)|from:|\.upToNextMajor\(from:)\s*"([^"]+)"|^"([^"]+)"\s*\.\.<\s*"([^"]+)"/;

/** The limits of a `Package.swift` or a Tuist manifest. */
export function packageLimits(code: string, lineAt: (offset: number) => number): BareLimit[] {
  return [...code.matchAll(packageLine)].flatMap(({ 1: url = '', 2: rest = '', index }) => {
    const found = requirement.exec(rest);
    if (found === null) return [];
    const [, exact, minor, version = '', least, most = ''] = found;
    const place = { name: nameOf(url.replace(/(\.git)?\/?$/i, '')), line: lineAt(index) };
    if (least !== undefined) return [{ ...place, kind: 'versionRange', version: least, most }];
    const upToNext = minor === undefined ? 'upToNextMajorVersion' : 'upToNextMinorVersion';
    const kind = exact === undefined ? upToNext : 'exactVersion';
    return [{ ...place, kind, version, most: '' }];
  });
}
