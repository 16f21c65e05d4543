import type { AndroidModule, App, IdMention, Place, Project, SecretFile } from '../model.js';
import type { BareLimit } from './version-limits.js';

/** Facts of a project whose app is not known yet: that takes the whole tree. */
type Bare<K extends keyof Project> = Omit<Extract<Project[K], readonly object[]>[number], 'app'>[];

/** An expression that gives an ID, whose value is looked up when everything was read. */
export interface Passed extends Pick<IdMention, 'from' | 'key' | 'role'> {
  file: string;
  text: string;
  offset: number;
  /** Whether it surely is given to sign-in; without a word it is. */
  sure?: boolean;
  /** The section of Capacitor's configuration that it stands in. */
  section?: string | undefined;
}

/** An expression that gives a URL scheme. */
interface PassedScheme extends Pick<Passed, 'file' | 'text' | 'offset'> {
  whole: boolean;
}

/** A value under a name. */
interface Named extends Place {
  name: string;
  value: string;
}

/** What the readers gather, file by file. */
export class Facts {
  /** What shows an app, by the folder that it lies in. */
  readonly markers: App[] = [];
  readonly infoPlists: Omit<Bare<'infoPlists'>[number], 'generated' | 'isOpen' | 'platform'>[] = [];
  /** Info.plist files that a project generator writes, under a key of their own. */
  readonly generatedPlists: (Pick<Bare<'infoPlists'>[number], 'file' | 'values' | 'lines'> & {
    key: string;
    isApp: boolean;
  })[] = [];
  readonly schemes: (Omit<Bare<'schemes'>[number], 'site' | 'whole'> & {
    site?: string;
    whole?: boolean;
  })[] = [];
  readonly clientPlists: Bare<'clientPlists'> = [];
  readonly mentions: Omit<Bare<'mentions'>[number], 'sure'>[] = [];
  readonly passed: Passed[] = [];
  readonly passedSchemes: PassedScheme[] = [];
  readonly knownClients: Bare<'knownClients'> = [];
  readonly googleServices: Bare<'googleServices'> = [];
  readonly secretFiles: Omit<SecretFile, 'app' | 'listedIn'>[] = [];
  readonly secretLiterals: Bare<'secretLiterals'> = [];
  readonly misnamed: Bare<'misnamed'> = [];
  readonly pins: Bare<'pins'> = [];
  readonly limits: (BareLimit & { file: string })[] = [];
  readonly plugins: Bare<'plugins'> = [];
  readonly signInUses: Bare<'signInUses'> = [];
  readonly sourceFacts: Bare<'sourceFacts'> = [];
  /** Each with the plugins that read it. */
  readonly capacitorAuths: (Bare<'capacitorAuths'>[number] & { plugins: readonly string[] })[] = [];
  readonly expoConfigs: Bare<'expoConfigs'> = [];
  readonly serverClients: Bare<'serverClients'> = [];
  readonly xcodeTargets: Bare<'xcodeTargets'> = [];
  readonly entitlements: Bare<'entitlements'> = [];
  readonly broken: Bare<'broken'> = [];
  readonly skipped: Bare<'skipped'> = [];
  /** Source and configuration, without comments, whose names stand for values. */
  readonly sources: { file: string; code: string }[] = [];
  /** Variables of `.env` files; those of templates say nothing of values. */
  readonly environment: (Named & { isTemplate: boolean })[] = [];
  /** Settings of `.xcconfig` files. */
  readonly buildSettings: Named[] = [];
  /** Strings of Android's resources and of its generated code. */
  readonly strings: (Named & { kind: 'id' | 'resource' | 'field' })[] = [];
  /** Xcode's project files. */
  readonly xcodeProjects: string[] = [];
  /** The names of the files that Xcode's projects copy into an app, each with such a project. */
  readonly resources = new Map<string, string>();
  readonly androidModules: AndroidModule[] = [];
  /** The packages that a `package.json` or `pubspec.yaml` depends on, by its folder. */
  readonly packages = new Map<string, ReadonlySet<string>>();
  /** The folders of packages in the tree, by their names. */
  readonly packageFolders = new Map<string, string>();
  readonly bundledEnvironments: string[] = [];
  filesChecked = 0;
  /** Files that were read for secrets and said nothing else. */
  filesSearched = 0;
}
