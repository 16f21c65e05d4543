import type { App, CheckRule, Entitlements, Project } from '../model.js';
import { codeOf, ownOf } from '../scope.js';
import { sources } from '../sources.js';

/** A rule about what the entitlements of a macOS app that signs in have to hold. */
function entitlementRule(
  about: Omit<CheckRule, 'cause' | 'find'>,
  isRight: (entitlements: string) => boolean,
  message: string,
  fix: string,
): CheckRule {
  return {
    ...about,
    cause: null,
    *find(project) {
      for (const { file, text } of signingIn(project)) {
        if (!isRight(text)) yield { file, line: null, message, fix };
      }
    },
  };
}

/** Rules about apps for macOS, which are shut off from the keychain and the network at first. */
export const macosRules: readonly CheckRule[] = [
  entitlementRule(
    {
      id: 'macos-keychain-access-missing',
      name: 'No keychain access on macOS',
      severity: 'warning',
      why: 'On macOS the SDK keeps the sign-in in the keychain, which needs the entitlement keychain-access-groups; without it sign-in ends with a keychain error.',
      source: sources.start,
    },
    (text) => text.includes('keychain-access-groups'),
    'The macOS app signs in with Google, and its entitlements have no keychain-access-groups.',
    'Add the capability Keychain Sharing with the group $(AppIdentifierPrefix)com.google.GIDSignIn.',
  ),
  entitlementRule(
    {
      id: 'macos-network-missing',
      name: 'No network on macOS',
      severity: 'error',
      why: 'An app in macOS’s sandbox reaches no server without the entitlement com.apple.security.network.client, so sign-in fails.',
      source: sources.infoPlist,
    },
    (text) =>
      !/com\.apple\.security\.app-sandbox\s*<\/key>\s*<true/.test(text) ||
      /com\.apple\.security\.network\.client\s*<\/key>\s*<true/.test(text),
    'The macOS app signs in with Google, and its sandbox lets it reach no server.',
    'Add com.apple.security.network.client (Outgoing Connections) to the entitlements.',
  ),
];

/** The entitlements of macOS apps that are known to sign in there. */
function* signingIn(project: Project): Generator<Entitlements> {
  for (const app of project.apps.values()) {
    const files = new Set(
      ownOf(app, project.xcodeTargets)
        .filter(({ isApp, platform }) => isApp && platform === 'macos')
        .filter((target) => signsIn(project, app, target.infoPlists))
        .flatMap(({ entitlements }) => entitlements),
    );
    for (const each of ownOf(app, project.entitlements)) if (files.has(each.file)) yield each;
  }
}

/** Flutter makes a macOS folder for every app: it counts if a client or its scheme is set there. */
function signsIn(project: Project, app: App, plists: readonly string[]): boolean {
  if (app.kind === 'native') return codeOf(project, app, 'sign-in').length > 0;
  if (app.kind !== 'flutter') return false;
  return (
    ownOf(app, project.schemes).some(
      ({ site, value }) => plists.includes(site) && /^com\.googleusercontent/.test(value),
    ) || ownOf(app, project.mentions).some(({ site }) => plists.includes(site))
  );
}
