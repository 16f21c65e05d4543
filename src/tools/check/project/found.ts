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
export interface Found {
  markers: Marker[];
  infoPlists: Bare<InfoPlist>[];
  schemes: Bare<Scheme>[];
  /** Schemes that a build takes from a client plist. */
  schemesByPlist: (Place & { plist: string })[];
  clientPlists: Bare<ClientPlist>[];
  mentions: Bare<IdMention>[];
  knownClients: Bare<KnownClient>[];
  googleServices: Bare<GoogleServices>[];
  secretFiles: Bare<SecretFile>[];
  secretLiterals: Bare<SecretLiteral>[];
  misnamed: Misnamed[];
  pins: Bare<Pin>[];
  signInUses: Bare<SignInUse>[];
  sourceFacts: Bare<SourceFact>[];
  capacitorAuths: Bare<CapacitorAuth>[];
  broken: Broken[];
  skipped: Skipped[];
  /** Xcode's project files, with the names of what they copy into the app. */
  xcodeProjects: { file: string; resources: ReadonlySet<string> }[];
  /** Folders of Android's modules. */
  androidModules: string[];
  bundledEnvironments: string[];
  filesChecked: number;
  /** Files that were read for secrets and said nothing else. */
  filesSearched: number;
}

/** Nothing found yet. */
export function createFindings(): Found {
  return {
    markers: [],
    infoPlists: [],
    schemes: [],
    schemesByPlist: [],
    clientPlists: [],
    mentions: [],
    knownClients: [],
    googleServices: [],
    secretFiles: [],
    secretLiterals: [],
    misnamed: [],
    pins: [],
    signInUses: [],
    sourceFacts: [],
    capacitorAuths: [],
    broken: [],
    skipped: [],
    xcodeProjects: [],
    androidModules: [],
    bundledEnvironments: [],
    filesChecked: 0,
    filesSearched: 0,
  };
}
