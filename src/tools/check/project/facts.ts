import type { Marker } from '../apps.js';
import type {
  Broken,
  CapacitorAuth,
  ClientPlist,
  GoogleServices,
  IdMention,
  InfoPlist,
  KnownClient,
  Misnamed,
  Pin,
  Place,
  Scheme,
  SecretFile,
  SecretLiteral,
  SignInUse,
  Skipped,
  SourceFact,
} from '../model.js';

/** A fact whose app is not known yet: that takes the whole tree. */
type Bare<T> = Omit<T, 'app'>;

/** What the readers gather, file by file. */
export class Facts {
  readonly markers: Marker[] = [];
  readonly infoPlists: Bare<InfoPlist>[] = [];
  readonly schemes: Bare<Scheme>[] = [];
  /** Schemes that a build takes from a client plist. */
  readonly schemesByPlist: (Place & { plist: string })[] = [];
  readonly clientPlists: Bare<ClientPlist>[] = [];
  readonly mentions: Bare<IdMention>[] = [];
  readonly knownClients: Bare<KnownClient>[] = [];
  readonly googleServices: Bare<GoogleServices>[] = [];
  readonly secretFiles: Omit<SecretFile, 'app' | 'listedIn'>[] = [];
  readonly secretLiterals: Bare<SecretLiteral>[] = [];
  readonly misnamed: Misnamed[] = [];
  readonly pins: Bare<Pin>[] = [];
  readonly signInUses: Bare<SignInUse>[] = [];
  readonly sourceFacts: Bare<SourceFact>[] = [];
  readonly capacitorAuths: Bare<CapacitorAuth>[] = [];
  readonly broken: Broken[] = [];
  readonly skipped: Skipped[] = [];
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
