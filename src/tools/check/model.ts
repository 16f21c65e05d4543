/** How much a finding matters: an error breaks sign-in, the store's review or a secret. */
export type Severity = 'error' | 'warning' | 'note';

/** A place in a file; the file is relative to the checked folder, with `/` between its parts. */
export interface Place {
  file: string;
  /** Counted from 1; null where the file has no lines (binary) or the point is what it lacks. */
  line: number | null;
}

/** One thing that a rule found. */
export interface CheckFinding extends Place {
  rule: string;
  severity: Severity;
  message: string;
  fix: string;
  /** The class of failure that this leads to; null where it is no failure of sign-in. */
  cause: string | null;
}

/** The JSON document of `gsac check`. */
export interface CheckResult {
  /** Sorted by file, line and rule; files are relative to the folder. */
  findings: CheckFinding[];
  /** Files that were recognised and read. */
  files_checked: number;
  /** Further files of source and settings, searched for secrets alone. */
  files_searched: number;
  errors: number;
  warnings: number;
  /** Findings that were left out because somebody silenced them. */
  silenced: number;
}

/** What a rule says of one place; what it leaves out is taken from the rule. */
export interface Match extends Place {
  message: string;
  fix: string;
  severity?: Severity | undefined;
  cause?: string | null;
}

/**
 * One rule of `gsac check`. A new one is an entry in one of the files of `rules`, and a case in
 * `test/unit/check/rules.test.ts`.
 */
export interface CheckRule {
  id: string;
  /** A few words, as a heading. */
  name: string;
  severity: Severity;
  /** One sentence: what goes wrong where the rule is broken. */
  why: string;
  /** A public page that says so. */
  source: string;
  /** The usual class of failure; a match may name another. */
  cause: string | null;
  find(project: Project): Iterable<Match>;
}

/** What an app is built with, as far as it decides where sign-in is configured. */
export type AppKind = 'native' | 'flutter' | 'react-native' | 'capacitor' | 'cordova';

/** An app inside the tree. */
export interface App {
  /** Its folder; empty for the checked folder itself. */
  root: string;
  kind: AppKind;
}

/** A fact that belongs to an app. */
export interface OfApp {
  /** The app's folder. What belongs to no app has the empty one, and is seen by every app. */
  app: string;
}

/** Where an ID was read. */
export type IdFrom =
  | 'info-plist'
  | 'client-plist'
  | 'capacitor'
  | 'cordova'
  | 'expo'
  | 'android'
  | 'source';

/** A client ID under a key that says what it is meant to be. */
export interface IdMention extends Place, OfApp {
  from: IdFrom;
  key: string;
  /** Whose ID it is to be: the iOS app's, the server's, or one that Expo's sign-in in a browser uses. */
  role: 'client' | 'server' | 'browser';
  /** As the file has it; what is no string is ignored by the SDK. */
  value: unknown;
  /** The file that gives the ID to sign-in; the value may be written elsewhere. */
  site: string;
  /** Whether it surely is given to sign-in, and does not only have such a name. */
  sure: boolean;
}

/** What kind of client Google made, as one of its own files says. */
export type ClientKind = 'ios' | 'android' | 'web' | 'desktop';

/** A client ID whose kind is known. */
export interface KnownClient extends Place, OfApp {
  id: string;
  kind: ClientKind;
}

/** The lines on which the keys and texts of a property list stand first; a binary one has none. */
export interface PlistLines {
  keys: ReadonlyMap<string, number>;
  texts: ReadonlyMap<string, number>;
  /** The line of the last of a key's places, if it stands in more than one. */
  repeated?: ReadonlyMap<string, number>;
}

/** An Info.plist. */
export interface InfoPlist extends OfApp {
  file: string;
  /** The file, or what it is known by if several are written in one. */
  site: string;
  /** Whether it can be the app's own: no framework, test bundle or extension. */
  ofApp: boolean;
  /** Whether it plainly is the app's own. */
  surely: boolean;
  /** Whether Xcode makes it, from build settings alone. */
  generated: boolean;
  /** Whether the build puts something into it, so that what it lacks may come from there. */
  isOpen: boolean;
  values: Readonly<Record<string, unknown>>;
  lines: PlistLines;
  platform: XcodeTarget['platform'];
}

/** A URL scheme that an app takes. */
export interface Scheme extends Place, OfApp {
  value: string;
  /** The file that declares it; the value may be written elsewhere. */
  site: string;
  /** Whether it is said to be the reversed client ID, and so has to be one. */
  whole: boolean;
}

/** A target of an Xcode project, or of what generates one. */
export interface XcodeTarget extends OfApp {
  file: string;
  line: number | null;
  name: string;
  isApp: boolean;
  platform: 'ios' | 'macos' | 'other';
  /** Where its Info.plist lies, by its build settings; a variable that is not known stays in it. */
  infoPlists: string[];
  /** Whether Xcode makes its Info.plist. */
  generated: boolean;
  entitlements: string[];
  /** Each value with the build configuration that has it, as far as that is known. */
  settings: Map<string, (Place & { value: string; build?: string })[]>;
  /** Whether a script of its build puts something into Info.plist. */
  editsPlist: boolean;
  /** The files that are built or copied into it; undefined if whole folders are. */
  resources: ReadonlySet<string> | undefined;
}

/** Entitlements of an app. */
export interface Entitlements extends OfApp {
  file: string;
  text: string;
}

/** What Expo's configuration says of an app. */
export interface ExpoConfig extends Place, OfApp {
  /** Whether it lists the plugin of Google Sign-In. */
  hasPlugin: boolean;
  /** Whether a part of it is worked out, so that what it lacks may come from there. */
  isOpen: boolean;
  iosServices: string | undefined;
  androidServices: string | undefined;
  /** Whether it gives the app on iOS an ID of its own. */
  isForIos: boolean;
  package: string | undefined;
}

/** An Android module that Gradle builds. */
export interface AndroidModule {
  file: string;
  folder: string;
  isApp: boolean;
  /** Whether its build reads a google-services.json. */
  readsServices: boolean;
  /** The application IDs that its builds may have. */
  ids: readonly string[];
  /** Those that its flavours set, without suffixes. */
  flavours: readonly string[];
  line: number | null;
  /** Whether these are all of them. */
  isKnown: boolean;
}

/** The client that a server's settings name, with its secret beside it. */
export interface ServerClient extends Place, OfApp {
  key: string;
  id: string;
}

/** What a manifest asks for of a library, if that leaves no newer version open. */
export interface Limit extends Place, OfApp {
  library: string;
  /** The version, or the one that it has to stay below. */
  version: string;
  isExact: boolean;
}

/** A GoogleService-Info.plist, or the plist of an iOS client. */
export interface ClientPlist extends OfApp {
  file: string;
  kind: 'firebase' | 'ios-client';
  values: Readonly<Record<string, unknown>>;
  lines: PlistLines;
}

/** An Android app's google-services.json. */
export interface GoogleServices extends Place, OfApp {
  projectNumber: string | undefined;
  /** How many OAuth clients it names, and how many of them are web clients. */
  clients: number;
  webClients: number;
  /** The packages that it is for. */
  packages: readonly string[];
}

/** What git knows of a file; `unknown` outside a repository or without git. */
export type GitState = 'tracked' | 'not-ignored' | 'ignored' | 'unknown';

/** What a file that holds a secret is. */
export type SecretKind = 'web' | 'installed' | 'unwrapped' | 'service_account' | 'authorized_user';

/** A JSON file of Google's that holds, or should hold, a secret. */
export interface SecretFile extends Place, OfApp {
  kind: SecretKind;
  clientId: string | undefined;
  /** The secret in its masked form; undefined where the file has none. */
  masked: string | undefined;
  redirectUris: number;
  git: GitState;
  /** Whether its name promises an OAuth client (`client_secret_*.json`). */
  namedAsClient: boolean;
  /** The Xcode project that lists it, and so ships it. */
  listedIn: string | undefined;
}

/** A secret of Google's that stands literally in a text. */
export type LiteralKind = 'client_secret' | 'refresh_token' | 'private_key';

/** A secret written into source or settings: an app's, a server's, a test's. */
export interface SecretLiteral extends Place, OfApp {
  kind: LiteralKind;
  masked: string;
  /** Whether its look says that somebody made it up, as tests and examples do. */
  invented: boolean;
  /** Whether the file uses Android's own classes. */
  usesAndroid: boolean;
  /** The variable that it is the value of, where the name alone has a bundler build it in: `VITE_…`. */
  publicName: string | undefined;
  git: GitState;
}

/** A file that is of a kind by its name and of another by its content. */
export interface Misnamed extends Place {
  expected: string;
  found: string;
}

/** A library as a lock file pins it. */
export interface Pin extends Place, OfApp {
  library: string;
  version: string | null;
  /** What it is pinned to instead of a version, such as `branch main`. */
  instead: string | null;
}

/** A file that shows that an app uses Google Sign-In. */
export interface SignInUse extends Place, OfApp {
  what: string;
}

/** What a plugin's or the app's code says of sign-in. */
export interface SourceFact extends Place, OfApp {
  fact:
    | 'sign-in'
    | 'server-auth-code'
    | 'configuration'
    | 'configuration-with-server'
    | 'firebase-options'
    | 'firebase-auth'
    | 'default-web-client'
    | 'configure'
    | 'configure-open'
    | 'offline-access'
    | 'own-scheme-redirect'
    | 'default-scheme-redirect'
    | 'id-token'
    | 'own-flow'
    | 'signs-in-on-ios'
    | 'sends-client-secret'
    | 'needs-activity'
    | 'plain-activity'
    | 'configure-without-ios'
    | 'request-without-android'
    | 'unread-section'
    | 'other-language';
}

/** The sign-in section of a Capacitor configuration. */
export interface CapacitorAuth extends Place, OfApp {
  section: string;
  forcesCode: boolean;
}

/** A version of a plugin that an app asks for. */
export interface Plugin extends Place, OfApp {
  name: string;
  version: string;
}

/** A file that could not be read as what its name says. */
export interface Broken extends Place {
  what: string;
  reason: string;
}

/** A file or folder that was left out, and why. */
export interface Skipped {
  file: string;
  reason: string;
}

/** Everything that was read of a folder, as data. Nothing in it is a secret. */
export interface Project {
  apps: ReadonlyMap<string, App>;
  /** Folders whose files Xcode puts into an app: that of its Info.plist, that of its project's name. */
  appFolders: ReadonlySet<string>;
  /** Folders of Android's modules: what is compiled there goes into an app. */
  androidModules: ReadonlySet<string>;
  /** Folders whose Gradle files the build of a module takes: its own and the two around it. */
  gradleFolders: ReadonlySet<string>;
  /** Folders whose `.env` files a library builds into the app, whole. */
  bundledEnvironments: ReadonlySet<string>;
  xcodeTargets: readonly XcodeTarget[];
  modules: readonly AndroidModule[];
  entitlements: readonly Entitlements[];
  expoConfigs: readonly ExpoConfig[];
  serverClients: readonly ServerClient[];
  limits: readonly Limit[];
  plugins: readonly Plugin[];
  infoPlists: readonly InfoPlist[];
  schemes: readonly Scheme[];
  clientPlists: readonly ClientPlist[];
  mentions: readonly IdMention[];
  knownClients: readonly KnownClient[];
  googleServices: readonly GoogleServices[];
  secretFiles: readonly SecretFile[];
  secretLiterals: readonly SecretLiteral[];
  misnamed: readonly Misnamed[];
  pins: readonly Pin[];
  signInUses: readonly SignInUse[];
  sourceFacts: readonly SourceFact[];
  capacitorAuths: readonly CapacitorAuth[];
  broken: readonly Broken[];
  skipped: readonly Skipped[];
  /** Files that were recognised and read. */
  filesChecked: number;
  /** Further files that were searched for secrets alone. */
  filesSearched: number;
}
