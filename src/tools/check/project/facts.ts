import type { App, Place, Project, SecretFile } from '../model.js';

/** Facts of a project whose app is not known yet: that takes the whole tree. */
type Bare<K extends keyof Project> = Omit<Extract<Project[K], readonly object[]>[number], 'app'>[];

/** What the readers gather, file by file. */
export class Facts {
  /** What shows an app, by the folder that it lies in. */
  readonly markers: App[] = [];
  readonly infoPlists: Bare<'infoPlists'> = [];
  readonly schemes: Bare<'schemes'> = [];
  /** Schemes that a build takes from a client plist. */
  readonly schemesByPlist: (Place & { plist: string })[] = [];
  readonly clientPlists: Bare<'clientPlists'> = [];
  readonly mentions: Bare<'mentions'> = [];
  readonly knownClients: Bare<'knownClients'> = [];
  readonly googleServices: Bare<'googleServices'> = [];
  readonly secretFiles: Omit<SecretFile, 'app' | 'listedIn'>[] = [];
  readonly secretLiterals: Bare<'secretLiterals'> = [];
  readonly misnamed: Bare<'misnamed'> = [];
  readonly pins: Bare<'pins'> = [];
  readonly signInUses: Bare<'signInUses'> = [];
  readonly sourceFacts: Bare<'sourceFacts'> = [];
  readonly capacitorAuths: Bare<'capacitorAuths'> = [];
  readonly broken: Bare<'broken'> = [];
  readonly skipped: Bare<'skipped'> = [];
  /** Xcode's project files. */
  readonly xcodeProjects: string[] = [];
  /** The names of the files that Xcode's projects copy into an app, each with such a project. */
  readonly resources = new Map<string, string>();
  /** Folders of Android's modules. */
  readonly androidModules: string[] = [];
  readonly bundledEnvironments: string[] = [];
  filesChecked = 0;
  /** Files that were read for secrets and said nothing else. */
  filesSearched = 0;
}
