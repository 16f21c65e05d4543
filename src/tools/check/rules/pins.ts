import { placeOf } from '../locate.js';
import type { CheckRule } from '../model.js';
import { sources } from '../sources.js';
import { compareVersions } from '../version.js';

/** The first release of each library that has the privacy manifest. */
const firstWithManifest = {
  GoogleSignIn: '7.1.0',
  GTMAppAuth: '4.1.1',
  GTMSessionFetcher: '3.3.0',
} as const;

/**
 * Whether a version has the privacy manifest. GoogleSignIn’s App Check pre-releases of 7.1.0 are
 * numbered by themselves: they have it from fac-beta-1.1.0 on.
 */
export function hasPrivacyManifest(
  library: keyof typeof firstWithManifest,
  version: string,
): boolean {
  const beta = /^v?7\.1\.0-fac-beta-(\d.*)$/i.exec(version);
  if (library === 'GoogleSignIn' && beta?.[1] !== undefined) {
    return compareVersions(beta[1], '1.1.0') >= 0;
  }
  return compareVersions(version, firstWithManifest[library]) >= 0;
}

function manifestRule(library: keyof typeof firstWithManifest, id: string): CheckRule {
  const least = firstWithManifest[library];
  return {
    id,
    name: `${library} without privacy manifest`,
    severity: 'error',
    why: `Since 1 May 2024 App Store Connect refuses apps whose ${library} has no privacy manifest (ITMS-91061); it has one from ${least} on.`,
    source: sources.privacy,
    cause: null,
    *find(project) {
      for (const pin of project.pins) {
        if (pin.library !== library || pin.version === null) continue;
        if (hasPrivacyManifest(library, pin.version)) continue;
        yield {
          ...placeOf(pin),
          message: `${library} ${pin.version} has no privacy manifest, which the App Store requires.`,
          fix: `Update to ${least} or newer${library === 'GoogleSignIn' ? '' : '; a newer GoogleSignIn brings it along'}.`,
        };
      }
    },
  };
}

/** Rules about the versions in lock files. */
export const pinRules: readonly CheckRule[] = [
  manifestRule('GoogleSignIn', 'google-sign-in-privacy-manifest'),
  manifestRule('GTMAppAuth', 'gtm-app-auth-privacy-manifest'),
  manifestRule('GTMSessionFetcher', 'gtm-session-fetcher-privacy-manifest'),
  {
    id: 'pin-without-version',
    name: 'Pin without a version',
    severity: 'note',
    why: 'A branch, a revision or another package’s binary does not say which version it is, so its privacy manifest is unknown.',
    source: sources.privacy,
    cause: null,
    *find(project) {
      for (const pin of project.pins) {
        if (pin.version !== null) continue;
        const least = Object.entries(firstWithManifest).find(([name]) => name === pin.library);
        yield {
          ...placeOf(pin),
          message: `${pin.library} is pinned ${pin.instead === null ? 'without a version' : `to ${pin.instead}`}: whether it has a privacy manifest is unknown.`,
          fix: `Pin a released version${least === undefined ? '' : `, ${least[1]} or newer`}.`,
        };
      }
    },
  },
];
