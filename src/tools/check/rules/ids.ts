import { type IdShape, toIdShape } from '../client-id.js';
import { placeOf } from '../locate.js';
import type { CheckRule, IdMention } from '../model.js';
import { sources } from '../sources.js';

const wholeId = '123456789012-abc….apps.googleusercontent.com';

/** A rule about the mentions whose value has a certain shape; `say` returns the message and the fix. */
function shapeRule<S extends IdShape['shape']>(
  shape: S,
  about: Omit<CheckRule, 'find' | 'severity'> & Partial<Pick<CheckRule, 'severity'>>,
  say: (
    mention: IdMention,
    found: Extract<IdShape, { shape: S }>,
  ) => [message: string, fix: string],
): CheckRule {
  return {
    severity: 'error',
    ...about,
    *find(project) {
      const told = new Set<string>();
      for (const mention of project.mentions) {
        const { app, file, line, from, key, value } = mention;
        const found = toIdShape(value);
        if (found.shape !== shape || !isTold(mention, found.shape)) continue;
        // Left empty by an app that has no iOS.
        const isEmpty = key === 'iosClientId' && value === '';
        const parts = isEmpty ? [...project.infoPlists, ...project.expoConfigs] : [];
        if (isEmpty && !parts.some((each) => each.app === app)) continue;
        // One place is said once, and so is a variable that code passes in several.
        const isVariable = shape === 'variable' && from === 'source';
        const what = JSON.stringify(isVariable ? [app, key, value] : [file, line, value]);
        if (line !== null && told.has(what)) continue;
        told.add(what);
        const [message, fix] = say(mention, found as Extract<IdShape, { shape: S }>);
        yield { ...placeOf(mention), message, fix };
      }
    },
  };
}

/**
 * Whether a value is told of. Of what code works out, a setting that is read from elsewhere is; and
 * what only stands under the name of an ID has to look like one.
 */
function isTold({ from, role, value, sure }: IdMention, shape: IdShape['shape']): boolean {
  if (from !== 'source') return true;
  const text = String(value);
  // Another provider may be asked.
  if (role === 'browser' && !sure) return text.includes('googleusercontent');
  if (shape === 'variable') {
    return /\benv\b|\bConfig\.|BuildConfig|fromEnvironment|expoConfig|manifest|^\$\{[A-Z][A-Z\d_]+\}$/.test(
      text,
    );
  }
  // Expo's hook has to be called on every platform; a word in place of an ID says that it is not used.
  const isOpen = !sure || (role === 'browser' && (text === '' || shape === 'malformed'));
  if (!isOpen || shape === 'reversed' || shape === 'blank') return true;
  return /googleusercontent|^\d{6,}-|client|GOOGLE|^AIza|^GOCSPX/i.test(text);
}

const clientOf = ({ role, key }: IdMention) => {
  if (role === 'browser') return `the client for ${key}`;
  return role === 'client' ? 'the iOS client' : 'the server’s client (type “Web application”)';
};

/** Rules about how a client ID is written, wherever it stands. */
export const idRules: readonly CheckRule[] = [
  shapeRule(
    'reversed',
    {
      id: 'client-id-reversed',
      name: 'Reversed ID as client ID',
      why: 'The reversed form is the URL scheme; as a client ID Google does not know it, and the SDK asks for the un-reversed text as URL scheme.',
      source: sources.sdkReversed,
      cause: 'reversed-id-used-as-client-id',
    },
    (mention, found) => [
      `${mention.key} is written in reverse, as in a URL scheme.`,
      `Write the client ID itself: ${found.id}`,
    ],
  ),
  shapeRule(
    'malformed',
    {
      id: 'client-id-malformed',
      name: 'Malformed client ID',
      why: 'Google answers invalid_client to an ID that is not written exactly as the Cloud console gives it.',
      source: sources.clients,
      cause: 'client-id-malformed',
    },
    (mention, found) => [
      `${mention.key} ${found.how}.`,
      `Copy the ID of ${clientOf(mention)} from the Cloud console: ${wholeId}`,
    ],
  ),
  shapeRule(
    'blank',
    {
      id: 'client-id-blank',
      name: 'Blank or quote around a client ID',
      why: 'A blank, a line break or a quote is sent as part of the ID, and Google does not know such a client.',
      source: sources.clients,
      cause: 'credential-whitespace',
    },
    (mention) => [
      `${mention.key} has a blank, a line break or a quote around the client ID.`,
      'Leave only the ID between the tags or quotes.',
    ],
  ),
  shapeRule(
    'placeholder',
    {
      id: 'client-id-placeholder',
      name: 'Placeholder as client ID',
      why: 'A placeholder or an empty value is sent as it is, and Google does not know such a client.',
      source: sources.start,
      cause: 'client-id-placeholder-or-unset',
    },
    (mention) => {
      const empty = String(mention.value).trim() === '';
      return [
        `${mention.key} is ${empty ? 'empty' : 'still a placeholder'}.`,
        `Fill in the ID of ${clientOf(mention)}: ${wholeId}`,
      ];
    },
  ),
  shapeRule(
    'api-key',
    {
      id: 'client-id-is-api-key',
      name: 'API key as client ID',
      why: 'An API key names a project to an API; it is no OAuth client.',
      source: sources.clients,
      cause: 'api-key-as-credential',
    },
    (mention) => [
      `${mention.key} holds an API key.`,
      `Put the ID of ${clientOf(mention)} there: ${wholeId}`,
    ],
  ),
  shapeRule(
    'secret',
    {
      id: 'client-id-is-secret',
      name: 'Client secret as client ID',
      why: 'A client secret inside an app can be read by everybody who installs it, and it is no client ID.',
      source: sources.bestPractices,
      cause: 'client-id-malformed',
    },
    (mention) => [
      `${mention.key} holds a client secret.`,
      `Put the ID of ${clientOf(mention)} there, and reset the secret in the Cloud console: it has to be taken as known.`,
    ],
  ),
  shapeRule(
    'not-string',
    {
      id: 'client-id-not-string',
      name: 'Client ID that is no string',
      why: 'The SDK ignores a value that is no string, as if the key were missing.',
      source: sources.sdkRepository,
      cause: 'info-plist-malformed',
    },
    (mention) => {
      const type = mention.value instanceof Uint8Array ? 'data' : jsonType(mention.value);
      return [
        `${mention.key} is ${type}, not a string, so it is ignored.`,
        `Make it a string with the ID of ${clientOf(mention)}.`,
      ];
    },
  ),
  shapeRule(
    'variable',
    {
      id: 'build-setting',
      name: 'ID that these files do not say',
      severity: 'note',
      why: 'A value that is filled in at build time, or worked out by code, cannot be judged from the files.',
      source: sources.infoPlist,
      cause: null,
    },
    (mention) => {
      const text = String(mention.value);
      const fromCode = /^\$\{([\s\S]*)\}$/.exec(text)?.[1];
      const inPlist = mention.from === 'info-plist';
      return [
        inPlist || fromCode === undefined
          ? `${mention.key} is ${text}, filled in at build time: not judged.`
          : `${mention.key} is ${fromCode.replace(/\s+/g, ' ')}, whose value these files do not say: not judged.`,
        inPlist
          ? 'Check the built app: gsac check on the folder of the .app reads its Info.plist.'
          : 'Check it where the value is set; gsac follows constants, .env files and string resources.',
      ];
    },
  ),
];

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (value === null) return 'null';
  if (typeof value === 'object') return 'a dictionary';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}
