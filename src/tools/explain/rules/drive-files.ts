import { mailRefused } from './drive.js';
import {
  all,
  any,
  clientIs,
  fact,
  mentions,
  not,
  rulesWith,
  says,
  statusIs,
  told,
  unless,
} from './rule.js';

const handling = 'https://developers.google.com/workspace/drive/api/guides/handle-errors';
const guides = 'https://developers.google.com/workspace/drive/api/guides';

/** Drive.file alone was asked for or given; of other Drive scopes none. */
const fileScopeAlone = fact(({ requested, granted }) => {
  const scopes = (granted.length > 0 ? granted : requested).filter((scope) =>
    /\bdrive\b/.test(scope),
  );
  return scopes.length > 0 && scopes.every((scope) => /drive\.file$/.test(scope))
    ? 'drive.file is the only Drive scope'
    : undefined;
});

/** The ID of a shared drive begins with 0A: then it is one, and the account is no member of it. */
const foreignDrive = /(Shared|Team) drive not found: ?0A/i;
const noFilePermission =
  /insufficientFilePermissions|(in)?sufficient permissions for ((this|the) )?file|cannotDownloadFile|cannot be downloaded by the user|permission to access the requested document/i;
/** What gdown says if Drive shows another page than that before a download. */
export const publicLinkRefused =
  /retrieve the (public link of the file|folder information from the link)/i;

/** The call makes a file, which belongs to whoever makes it. */
export const creates = mentions(
  /creat(e|ing) (a |new |an )?(\w{1,12} )?(file|sheet|spreadsheet|doc)|create_?(spreadsheet|file|document)|\/v4\/spreadsheets\?|\bupload/i,
);

/** The call shares a file with many, as Drive's page would not let a person do in some domains. */
const publishes = mentions(
  /\bpub(lish)?\b|set(ting)? permissions?|perm(ission)?s?_add|drive_share|external sharing/i,
);

/** Drive names the file that it does not find; an empty name is another matter. */
const notFound =
  /File not found: ?(?!fileId|\[object|Array|undefined|null|None|nil|\.(\s|"|$))[\w-]{4,60}/;

/** IDs are longer: what Drive does not find is a name. In capitals somebody has masked it. */
const nameAsId = says(
  /File not found: ?["']?(?!undefined|null|None|nil|file_?[iI]d|appDataFolder|root|xxx|[A-Z\d_-]{2})[A-Za-z][\w -]{1,13}["']?\.(?!\w)/,
);

/** Single files of Drive: who may do what with them, and what calls of theirs are refused. */
export const driveFileRules = rulesWith({ docs: handling, stages: ['drive'] }, [
  {
    cause: 'access-token-expired',
    why: 'The access token is more than an hour old, or is not a Google access token.',
    fix: 'Refresh it before the call (gsac token gives a valid one), and once more if a call answers 401.',
    stages: ['drive', 'verify'],
    speaksFor: [
      says(
        /access[_ ]?token[^.;]{0,20}(has |is |was )?expired|ACCESS_TOKEN_EXPIRED|Crypto credential expired/i,
      ),
      told(
        /an hour|one hour|1 hour|60 minutes|3600|access[_ ]?token[^.;]{0,30}(old|stored|saved|cached|expired)|(never|not|without) refresh\w{0,20}|works (at first|for a while)|after (a while|some time)|next (day|morning)/i,
      ),
    ],
    fits: [
      statusIs(401),
      // Every other token that is none gives the same answer.
      unless(
        says(/Invalid Credentials|\bauthError|invalid authentication credentials|UNAUTHENTICATED/i),
        says(mailRefused),
      ),
    ],
    rulesOut: [
      told(/id[_ ]?token|\bjwt\b|eyJ|(response|\.)\.?credential\b|credential (field|response)/i),
      says(/Login Required|refresh/i),
    ],
  },
  {
    cause: 'file-not-opened-with-app',
    why: 'With drive.file, an app sees only the files that it created or that the person opened with it.',
    fix: 'Let the person pick the file (Google Picker), or ask for drive.readonly or drive, which need Google’s verification.',
    docs: `${guides}/api-specific-auth`,
    proves: mentions(
      /appNotAuthorizedToFile|has not granted the app \S{1,80} (read|write) access to the file/i,
    ),
    speaksFor: [
      all(
        fileScopeAlone,
        mentions(
          /notFound|not found|empty|\[\]|(only|not)[^.;]{0,40}(files?|folders?|list|see)|missing/i,
        ),
      ),
      all(
        mentions(/drive\.file\b/),
        told(
          /\b(find|see|show|list|return|get)(s|ting)? (none|no|nothing|zero|only)\b|\bempty\b|(existing|other|older|shared|all) (files|folders)|files? (was |were )?(made|created|uploaded) (by|in|with) (hand|drive|the web|another)/i,
        ),
      ),
    ],
    alike: [{ cause: 'file-not-visible', check: 'The account cannot open it in a browser.' }],
  },
  {
    cause: 'file-permission-missing',
    why: 'The token’s scopes are sufficient, but its account is not allowed to do this with the file or folder.',
    fix: [
      'Check which account the token belongs to, and have the owner share the file or folder with it. For a service account, share it with its client_email.',
      'An API key reads only public files. In a shared drive, only a manager can delete.',
    ],
    proves: mentions(
      /insufficientParentPermissions|Insufficient permissions for the specified parent|requiredAccessLevel|need to have (writer|reader|owner) access|requires shared drive membership|teamDriveMembershipRequired|ownerOnly|cannotDeleteResource|edit a protected cell/i,
    ),
    speaksFor: [
      unless(says(noFilePermission), publishes),
      unless(
        all(
          says(/caller does not have permission/i),
          mentions(/sheet|gspread|\bdoc(s|ument)?\b|slides|drive|api[_ ]?key/i),
        ),
        says(/androidpublisher|google api error|scope/i),
        creates,
      ),
    ],
    suggests: all(
      statusIs(403),
      clientIs('service_account'),
      not(says(/reason|"message"|quota|limit|polic|scope|enabled|disabled/i)),
    ),
    alike: [
      { cause: 'sharing-forbidden-by-domain', check: 'Drive’s own page refuses it, too.' },
      { cause: 'scope-not-requested', check: 'The only scope ends in .readonly.' },
    ],
    fits: [says(noFilePermission), told(/shared|team drive|someone else|owner|another account/i)],
  },
  {
    cause: 'file-not-visible',
    why: 'This account sees no file or calendar with this ID: it is in a shared drive, belongs to someone else, or is gone.',
    fix: [
      'For a service account, share the file or calendar with its client_email. An API key sees only what is public. Otherwise check which account the token belongs to and which scopes it has (gsac status).',
      'For a shared drive, add supportsAllDrives=true (and includeItemsFromAllDrives=true to lists).',
    ],
    docs: `${guides}/enable-shareddrives`,
    speaksFor: [
      unless(says(notFound), nameAsId),
      says(foreignDrive),
      says(
        /SpreadsheetNotFound|spreadsheet[^.;]{0,60} not found|Requested entity was not found|No item with the given ID|Document \S{1,80} is missing/i,
      ),
      all(
        says(/\b404\b|\bnotFound\b/i),
        mentions(/calendars?\/|calendar\b|spreadsheets?\/|\bsheets?\b|documents\//i),
      ),
      all(
        any(says(notFound), mentions(/\b404\b|\bnotFound\b|not found|empty|\[\]/i)),
        told(
          /shared drives?|team drives?|supports(All|Team)Drives|service account|(another|other|different|wrong) (google )?account/i,
        ),
      ),
    ],
    rulesOut: fact(
      ({ requested, granted }) =>
        [...requested, ...granted].some((scope) => /drive\.(appdata|file)$/.test(scope)) &&
        'a narrow scope explains it',
    ),
    alike: [
      { cause: 'not-a-google-document', check: 'In Drive, its name ends in .xlsx or .docx.' },
      { cause: 'file-not-opened-with-app', check: 'The only scope is drive.file.' },
      { cause: 'arguments-as-file-id', check: 'The ID that is sent is a name or a URL.' },
    ],
  },
  {
    cause: 'not-a-google-document',
    why: 'The file is an uploaded Office file, but the Sheets and Docs APIs open only Google’s own documents.',
    fix: 'Convert it (in Drive: Open with Google Sheets, Save as Google Sheets; or files.copy with a Google mimeType), or download its bytes through Drive.',
    docs: `${guides}/manage-uploads#import_to_google_docs_types_`,
    proves: says(
      /operation is not supported for this document|document must not be an Office file/i,
    ),
  },
  {
    cause: 'folder-id-as-drive-id',
    why: 'The value of driveId is the ID of a folder, not of a shared drive.',
    fix: "Set driveId only to the ID of a shared drive (it begins with 0A). For a folder in one, use '<id>' in parents with supportsAllDrives=true.",
    docs: `${guides}/enable-shareddrives`,
    speaksFor: says(/(Shared|Team) ?drive ?not ?found/i),
    rulesOut: says(foreignDrive),
    alike: [{ cause: 'file-not-visible', check: 'The ID begins with 0A (a shared drive).' }],
  },
  {
    cause: 'arguments-as-file-id',
    why: 'Something other than an ID was passed as the file’s or folder’s ID: the options of the call, a name or a URL.',
    fix: 'Pass the ID first and the options after it: get($fileId, $options), get({ fileId, … }). The ID is the part of the URL behind /d/ or /folders/; find the ID of a name with files.list.',
    docs: `${guides}/manage-downloads`,
    proves: says(
      /File not found: ?["']?(fileId|\[object|Array|\{|supports(All|Team)Drives|alt,|fields,|\w{1,40},(1|true|false)\b|[\w-]{1,80},(supports|fields|alt)\w{0,20}|https?:)/i,
    ),
    speaksFor: nameAsId,
  },
  {
    cause: 'download-quota-exceeded',
    why: 'Too many people or programs downloaded this file recently, so Google blocks its download for about a day.',
    fix: 'Wait a day, or ask the owner to copy the file and download the copy.',
    alike: [{ cause: 'file-permission-missing', check: 'Only some people may open the file.' }],
    proves: mentions(
      /downloadQuotaExceeded|download quota (for this file )?(has been|is) exceeded|too many users have viewed or downloaded|can(’|')?t view or download this file at this time/i,
    ),
  },
  {
    cause: 'drive-item-limit',
    why: 'The folder or the shared drive holds as many files as it may (500,000 in a folder, shared drives have a limit of their own, and folders cannot be nested without end).',
    fix: 'Spread the files over several folders or shared drives, or pack small files into archives. Files in the trash count: empty it, and wait, because the count lags behind.',
    proves: says(
      /numChildrenInNonRootLimitExceeded|folder['’]s number of children|teamDriveFileLimitExceeded|file limit for this shared drive|activeItemCreationLimitExceeded|HierarchyTooDeep|HierarchyDepthLimitExceeded/i,
    ),
  },
  {
    cause: 'download-page-changed',
    why: 'Google changed the page that it shows before a download, and this version of the program cannot read the new one.',
    fix: 'Update the program (pip install --upgrade gdown). Until then, download the file in a browser.',
    docs: 'https://github.com/wkentaro/gdown#faq',
    speaksFor: all(
      says(publicLinkRefused),
      told(/anyone with the link|public|browser works|in (a|the) browser|\bworked|for a few days/i),
    ),
  },
  {
    cause: 'sharing-forbidden-by-domain',
    why: 'The Workspace domain forbids sharing with people outside it, or with anyone who has the link.',
    fix: 'Share within the domain only, or ask the administrator (Drive and Docs, Sharing settings). A personal account is not limited in this way.',
    docs: 'https://support.google.com/a/answer/60781',
    proves: says(
      /(publish|share)(Out|In)NotPermitted|DomainUsersOnly|cannot be shared outside|sharing outside/i,
    ),
    speaksFor: all(any(says(noFilePermission), says(/forbidden|\b403\b/i)), publishes),
    alike: [{ cause: 'file-permission-missing', check: 'In Drive, the account may not share it.' }],
  },
  {
    cause: 'several-parents',
    why: 'A file has only one parent folder, and an update cannot set it in the body.',
    fix: 'Create the file with exactly one ID in parents. To move it, use addParents with removeParents, not the body.',
    docs: `${guides}/ref-single-parent`,
    proves: mentions(
      /cannotAddParent|Increasing the number of parents|parents field is not directly writ|multiple parents|cannotMoveTrashedItemIntoTeamDrive/i,
    ),
  },
  {
    cause: 'google-doc-not-downloadable',
    why: 'Google’s own documents, sheets and slides can only be exported, and all other files only be downloaded. The call does the other of the two.',
    fix: 'Look at the file’s mimeType: files.export (with a mimeType such as application/pdf) if it is application/vnd.google-apps.…, otherwise files.get with alt=media.',
    docs: `${guides}/manage-downloads`,
    proves: mentions(
      /fileNotDownloadable|fileNotExportable|Export only supports|Only files with binary content can be downloaded|Use Export with (Docs Editors|Google Docs) files/i,
    ),
  },
  {
    cause: 'drive-query-invalid',
    why: 'The search expression q is not valid in Drive’s query language.',
    fix: "Put values in single quotes, escape ' and \\ with a backslash, and percent-encode q as a whole. In v3 the field is name, not title.",
    docs: `${guides}/search-files`,
    proves: all(
      says(/Invalid Value|"invalid"|badRequest|Invalid query/i),
      says(/location["']?: ?["']?q\b|Invalid query|[?&]q=/i),
    ),
    speaksFor: told(/\bq ?[:=]|apostrophe|quot(e|ing)|name contains|title contains/i),
  },
  {
    cause: 'page-token-stale',
    why: 'The page token or sync token belongs to another query, is too old, or is damaged.',
    fix: 'Start again at the first page, with the same q, spaces and orderBy for all pages. After a sync token is refused (410), list everything once without it.',
    docs: `${guides}/search-files`,
    proves: [
      all(says(/invalid|malformed|badRequest/i), says(/\bpage_?token\b/i)),
      says(
        /sync ?token[^.;]{0,20} (no longer valid|expired)|fullSyncRequired|updatedMinTooLongAgo/i,
      ),
    ],
  },
  {
    cause: 'fields-wrong',
    why: 'The fields parameter is missing where it is required, or names fields that this version of the API does not have.',
    fix: 'Use files(id,name) in version 3, items(id,title) in version 2. about.get and changes require fields, such as fields=*.',
    docs: `${guides}/fields-parameter`,
    proves: mentions(/Invalid field selection|'?fields'? parameter is required/i),
  },
  {
    cause: 'export-too-large',
    why: 'The document is larger than 10 MB, the most that Google exports.',
    fix: 'Export it in a smaller format, or use the address in exportLinks with the same token.',
    proves: mentions(/exportSizeLimitExceeded|too large to be exported/i),
    speaksFor: told(/export\w{0,20}[^;]{0,80}(\b10 ?MB|large|\bbig|size|over)/i),
  },
  {
    cause: 'file-flagged-as-abusive',
    why: 'Google considers the file malware or spam. Only its owner can download it, and only on explicit request.',
    fix: 'As the owner, add acknowledgeAbuse=true to the download. Nobody else can download it.',
    proves: mentions(/cannotDownloadAbusiveFile|identified as (malware|spam|abusive)/i),
  },
]);
