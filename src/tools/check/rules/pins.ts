import { placeOf } from '../locate.js';
import type { CheckRule, OfApp, Project } from '../model.js';
import { ownOf } from '../scope.js';
import { sources } from '../sources.js';
import { compareVersions } from '../version.js';

/** The first release of each library that has the privacy manifest. */
const firstWithManifest = {
  GoogleSignIn: '7.1.0',
  AppAuth: '1.7.3',
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

/** Plugins that hold GoogleSignIn to a version without manifest: all releases, or those below one. */
const oldPlugins: Readonly<Record<string, number>> = {
  '@codetrix-studio/capacitor-google-auth': Number.POSITIVE_INFINITY,
  '@react-native-community/google-signin': Number.POSITIVE_INFINITY,
  'react-native-google-signin': Number.POSITIVE_INFINITY,
  'cordova-plugin-googleplus': Number.POSITIVE_INFINITY,
  '@react-native-google-signin/google-signin': 10,
};

const since = 'Apple refuses new apps, and updates that add it, without one since 12 February 2025';

function manifestRule(library: keyof typeof firstWithManifest, id: string): CheckRule {
  const least = firstWithManifest[library];
  const update = `Update to ${least} or newer${library === 'GoogleSignIn' ? '' : '; a newer GoogleSignIn brings it along'}.`;
  return {
    id,
    name: `${library} without privacy manifest`,
    severity: 'error',
    why: `Apple’s list of third-party SDKs that need a privacy manifest has ${library}: App Store Connect has warned since May 2024, and since 12 February 2025 refuses new apps that include it, and updates that newly add it, without one (ITMS-91061). It has one from ${least} on.`,
    source: sources.privacy,
    cause: null,
    *find(project) {
      const isOld = (version: string) => !hasPrivacyManifest(library, version);
      for (const pin of project.pins) {
        if (pin.library !== library || pin.version === null || !isOld(pin.version)) continue;
        yield {
          ...placeOf(pin),
          message: `${library} ${pin.version} has no privacy manifest; ${since}.`,
          fix: update,
        };
      }
      const isPinned = ({ app }: OfApp) =>
        ownOf({ root: app }, project.pins).some((pin) => pin.library === library);
      for (const limit of project.limits) {
        if (limit.library !== library || isPinned(limit)) continue;
        const open = limit.isExact
          ? !isOld(limit.version)
          : compareVersions(limit.version, least) > 0;
        if (open) continue;
        yield {
          ...placeOf(limit),
          message: `${library} is held ${limit.isExact ? `to ${limit.version}` : `below ${limit.version}`}, and has a privacy manifest from ${least} on; ${since}.`,
          fix: `Allow ${least} or newer.`,
        };
      }
      if (library !== 'GoogleSignIn') return;
      for (const plugin of project.plugins) {
        const below = oldPlugins[plugin.name];
        const major = Number(/^[\^~]?v?(\d+)/.exec(plugin.version)?.[1] ?? Number.NaN);
        if (below === undefined || isPinned(plugin) || !(major < below)) continue;
        if (!hasIos(project, plugin)) continue;
        yield {
          ...placeOf(plugin),
          severity: 'warning',
          message: `${plugin.name}${below === Number.POSITIVE_INFINITY ? '' : ` below ${below}`} holds GoogleSignIn to a version without privacy manifest; ${since}.`,
          fix:
            below === Number.POSITIVE_INFINITY
              ? `Take a plugin that is kept up and brings GoogleSignIn ${least} or newer.`
              : `Update the plugin to a version that brings GoogleSignIn ${least} or newer.`,
        };
      }
    },
  };
}

/** Whether an app has an iOS side. */
function hasIos(project: Project, { app }: OfApp): boolean {
  return ownOf({ root: app }, project.infoPlists).some(({ ofApp }) => ofApp);
}

/** Rules about the versions in lock files, and those that manifests and plugins hold to. */
export const pinRules: readonly CheckRule[] = [
  manifestRule('GoogleSignIn', 'google-sign-in-privacy-manifest'),
  manifestRule('AppAuth', 'app-auth-privacy-manifest'),
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
