import { createHash } from 'node:crypto';
import type { EmulatorUser, FileSeed } from './model.js';
import type { RandomSource } from './random.js';

/** A file as the emulator keeps it. Times are epoch milliseconds. */
export interface DriveFile {
  readonly id: string;
  readonly space: 'appDataFolder' | 'drive';
  name: string;
  mimeType: string;
  parents: readonly string[];
  createdAt: number;
  modifiedAt: number;
  /** Absent for the crowd of seeded files, whose content follows from the name. */
  content?: Buffer;
  /** Fields that a client set and that the emulator only gives back. */
  extra: Readonly<Record<string, unknown>>;
  version: number;
}

const CROWD_START = Date.parse('2025-01-01T00:00:00.000Z');
const ID_LENGTH = 44;

/** The ids of the two folders that nobody created. */
export type FolderIds = Pick<DriveFolder, 'appFolderId' | 'rootId'>;

/** The files of one user that one project may see. */
export class DriveFolder {
  readonly user: EmulatorUser;
  /** The real id behind `appDataFolder` and `appfolder`. */
  readonly appFolderId: string;
  /** The real id behind `root`. */
  readonly rootId: string;
  readonly files = new Map<string, DriveFile>();
  /** Grows with every change, so that a sorted listing knows whether it is stale. */
  revision = 0;
  readonly #random: RandomSource;
  #crowd: number;

  constructor(user: EmulatorUser, random: RandomSource, crowd = 0, ids?: FolderIds) {
    this.user = user;
    this.#random = random;
    this.#crowd = crowd;
    this.appFolderId = ids?.appFolderId ?? this.newId();
    this.rootId = ids?.rootId ?? `0A${random.text(17)}`;
  }

  /** How many seeded files are still to be made. */
  get crowd(): number {
    return this.#crowd;
  }

  /** Makes an id in the manner of Drive's. */
  newId(): string {
    return `1${this.#random.text(ID_LENGTH - 1)}`;
  }

  /** Every file, the crowd of seeded ones included, which are made here when first asked for. */
  all(): ReadonlyMap<string, DriveFile> {
    if (this.#crowd > 0) this.#makeCrowd();
    return this.files;
  }

  /** Adds or replaces a file. */
  put(file: DriveFile): void {
    this.files.set(file.id, file);
    this.revision += 1;
  }

  /** Removes a file for good. */
  remove(id: string): void {
    this.files.delete(id);
    this.revision += 1;
  }

  #makeCrowd(): void {
    const count = this.#crowd;
    this.#crowd = 0;
    const parents = [this.appFolderId];
    const extra = {};
    const ids = this.#random.bytes(count * 33);
    for (let index = 0; index < count; index += 1) {
      const id = `1${ids.toString('base64url', index * 33, index * 33 + 32)}`;
      const at = CROWD_START + index * 61_000;
      this.files.set(id, {
        id,
        space: 'appDataFolder',
        name: `backup-${String(index).padStart(6, '0')}.json`,
        mimeType: 'application/json',
        parents,
        createdAt: at,
        modifiedAt: at + (index % 97) * 1000,
        extra,
        version: 1,
      });
    }
    this.revision += 1;
  }
}

/** Returns the bytes of a file. */
export function fileContent(file: DriveFile): Buffer {
  return file.content ?? Buffer.from(`{"name":"${file.name}"}\n`);
}

type ChecksumAlgorithm = 'md5' | 'sha1' | 'sha256';

/** Content is replaced, never changed in place: what was computed of it once stays true. */
const checksums = new WeakMap<Buffer, Map<ChecksumAlgorithm, string>>();

/** Returns the MD5, or another checksum, of a file as Drive writes it. */
export function fileChecksum(file: DriveFile, algorithm: ChecksumAlgorithm = 'md5'): string {
  const content = fileContent(file);
  const known = checksums.get(content) ?? new Map<ChecksumAlgorithm, string>();
  const checksum = known.get(algorithm) ?? createHash(algorithm).update(content).digest('hex');
  // The crowd's content is made anew each time; to remember it would help nobody.
  if (file.content !== undefined) checksums.set(content, known.set(algorithm, checksum));
  return checksum;
}

/** All files, by user and project: an appfolder belongs to a project, whichever client opens it. */
export class DriveStore {
  readonly #random: RandomSource;
  readonly #folders = new Map<string, DriveFolder>();

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Gives a user files; `crowd` more are made when somebody first looks. */
  seed(user: EmulatorUser, projectNumber: string, seeds: readonly FileSeed[], crowd: number): void {
    const folder = this.#open(user, projectNumber, crowd);
    for (const { content, ...seed } of seeds) {
      folder.put({
        ...seed,
        id: folder.newId(),
        space: 'appDataFolder',
        parents: [folder.appFolderId],
        content: Buffer.from(content),
        extra: {},
        version: 1,
      });
    }
  }

  /** Whether a user has a folder in a project. */
  has(user: EmulatorUser, projectNumber: string): boolean {
    return this.#folders.has(`${user.sub}/${projectNumber}`);
  }

  /** Forgets a user's files in every project. */
  removeAll({ sub }: EmulatorUser): void {
    for (const key of this.#folders.keys()) {
      if (key.startsWith(`${sub}/`)) this.#folders.delete(key);
    }
  }

  /** Every folder there is, with the number of its project. */
  *folders(): Iterable<{ readonly projectNumber: string; readonly folder: DriveFolder }> {
    for (const [key, folder] of this.#folders) {
      yield { projectNumber: key.slice(key.indexOf('/') + 1), folder };
    }
  }

  /** Puts a folder back as it was. */
  restore(
    user: EmulatorUser,
    projectNumber: string,
    ids: FolderIds,
    crowd: number,
    files: Iterable<DriveFile>,
  ): void {
    const folder = this.#open(user, projectNumber, crowd, ids);
    for (const file of files) folder.put(file);
  }

  /** The files of a user in a project; an empty folder where there was none. */
  folder(user: EmulatorUser, projectNumber: string): DriveFolder {
    const known = this.#folders.get(`${user.sub}/${projectNumber}`);
    return known ?? this.#open(user, projectNumber);
  }

  #open(user: EmulatorUser, projectNumber: string, crowd = 0, ids?: FolderIds): DriveFolder {
    const folder = new DriveFolder(user, this.#random, crowd, ids);
    this.#folders.set(`${user.sub}/${projectNumber}`, folder);
    return folder;
  }
}
