import {
  all,
  any,
  asked,
  fact,
  granted,
  maybeAt,
  mentions,
  rulesWith,
  says,
  told,
} from './rule.js';

const appData = 'https://developers.google.com/workspace/drive/api/guides/appdata';
export const spacesRefused = says(
  /granted scopes do not give access to all of the requested spaces/i,
);
export const inDrive = maybeAt('drive', 'Drive was called');

/** Drive's application data folder. */
export const appDataRules = rulesWith({ docs: appData, stages: ['drive'] }, [
  {
    cause: 'spaces-param-missing',
    why: 'Without spaces=appDataFolder, files.list searches all of Drive, which drive.appdata does not allow.',
    fix: 'Add spaces=appDataFolder to files.list (gsac files does).',
    docs: appData,
    speaksFor: [
      all(spacesRefused, inDrive),
      all(
        says(/["']files["']\s{0,4}:\s{0,4}\[\s{0,4}\]/i),
        told(/app ?data ?folder/i),
        told(/\blist/i),
      ),
      told(
        /\b(no|without|missing|forgot|lacks?|omits?|not)[^.;]{0,20}\bspaces?\b|\bspaces?\b[^.;]{0,30}(missing|left out|not (set|given|sent)|absent|omitted)|in parents/i,
        /list\(\) (without|with no)|without (any )?(arguments|parameters|options)/i,
      ),
    ],
    fits: [all(told(/empty|no files|nothing|not (listed|shown|found)/i), told(/\blist/i))],
    rulesOut: fact(
      ({ granted }) =>
        granted.length > 0 &&
        !granted.some((scope) => scope.includes('drive')) &&
        'no Drive scope is granted',
    ),
    alike: [
      { cause: 'appdata-of-other-client', check: 'A client of another project wrote the files.' },
    ],
  },
  {
    cause: 'appdata-of-other-client',
    why: 'Each project has its own application data folder, so it does not contain files that another project’s clients wrote.',
    fix: 'Use a client of the project that wrote the file. Projects cannot merge or share their folders.',
    docs: appData,
    speaksFor: told(
      /(another|other|different|second|new|old|two|changed|switched|wrote|written by)\b[^.;]{0,30}(project|client|app\b|application|package|bundle)|(project|client)[^.;]{0,30}(another|other|different|changed|differs)|other app'?s/i,
      /(own|contractor'?s?|previous|separate|each|our)\b[^.;]{0,30}(cloud |firebase |gcp |console ){0,4}projects?\b|flavou?rs?\b|(free|pro|lite|debug|beta) (and|version|app|build)|moved[^.;]{0,60}project/i,
    ),
    fits: all(
      inDrive,
      mentions(/File not found|notFound|empty|not found|no files|\[\]/i),
      any(mentions(/app ?data/i), granted('drive.appdata'), asked('drive.appdata')),
    ),
    rulesOut: [
      says(/has not been used in project|client need to be/i),
      fact(({ stage }) => stage !== 'drive' && stage !== undefined && 'Drive was not called'),
    ],
    alike: [
      { cause: 'appdata-deleted-with-app', check: 'The person disconnected the app from Drive.' },
      { cause: 'spaces-param-missing', check: 'The list is called without spaces.' },
    ],
  },
  {
    cause: 'appdata-deleted-with-app',
    why: 'Drive deletes the application data folder and its files if the person disconnects the app from Drive or deletes its hidden data.',
    fix: 'The files are gone for good. Let the app create them again from its own copy, and tell people what “Disconnect from Drive” deletes.',
    docs: appData,
    speaksFor: all(
      mentions(/app ?data|application data|hidden/i),
      told(
        /uninstall|disconnect(ed)?[^.;]{0,30}(drive|app)|hidden app data|manage apps|removed[^.;]{0,20}app[^.;]{0,20}drive/i,
      ),
      mentions(/File not found|notFound|not found|empty|no files|\[\]|gone|disappeared|lost/i),
    ),
    alike: [
      {
        cause: 'appdata-of-other-client',
        check: 'The app uses the client of another project now.',
      },
    ],
  },
  {
    cause: 'appdata-operation-unsupported',
    why: 'Files in the application data folder cannot be shared, moved out of it or put in the trash.',
    fix: 'To share or show the content, copy it into a file in the person’s Drive (scope drive.file). Delete the file instead of trashing it.',
    docs: appData,
    proves: mentions(
      /notSupportedForAppDataFolderFiles|not supported for files within the Application Data folder|files within the Application Data folder cannot be trashed/i,
    ),
    speaksFor: [
      all(
        told(
          /permissions?\.create|\bshar(e|ing|ed)\b|\bmov(e|ing|ed)\b|trash|\bbin\b|addParents|removeParents/i,
        ),
        mentions(/app ?data|application data/i),
      ),
    ],
  },
]);
