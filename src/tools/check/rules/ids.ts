import { type IdShape, toIdShape } from '../client-id.js';
import { placeOf } from '../locate.js';
import type { CheckRule, IdMention, Project } from '../model.js';
import { sources } from '../sources.js';

const wholeId = '123456789012-abc….apps.googleusercontent.com';

/** The mentions whose value has a certain shape. */
function* withShape<S extends IdShape['shape']>(
  project: Project,
  shape: S,
): Generator<{ mention: IdMention; found: Extract<IdShape, { shape: S }> }> {
  for (const mention of project.mentions) {
    const found = toIdShape(mention.value);
    if (found.shape === shape) yield { mention, found: found as Extract<IdShape, { shape: S }> };
  }
}

const clientOf = (role: IdMention['role']) =>
  role === 'client' ? 'the iOS client' : 'the server’s client (type “Web application”)';

/** Rules about how a client ID is written, wherever it stands. */
export const idRules: readonly CheckRule[] = [
  {
    id: 'client-id-reversed',
    name: 'Reversed ID as client ID',
    severity: 'error',
    why: 'The reversed form is the URL scheme; as a client ID Google does not know it, and the SDK asks for the un-reversed text as URL scheme.',
    source: sources.sdkReversed,
    cause: 'reversed-id-used-as-client-id',
    *find(project) {
      for (const { mention, found } of withShape(project, 'reversed')) {
        yield {
          ...placeOf(mention),
          message: `${mention.key} is written in reverse, as in a URL scheme.`,
          fix: `Write the client ID itself: ${found.id}`,
        };
      }
    },
  },
  {
    id: 'client-id-malformed',
    name: 'Malformed client ID',
    severity: 'error',
    why: 'Google answers invalid_client to an ID that is not written exactly as the Cloud console gives it.',
    source: sources.clients,
    cause: 'client-id-malformed',
    *find(project) {
      for (const { mention, found } of withShape(project, 'malformed')) {
        yield {
          ...placeOf(mention),
          message: `${mention.key} ${found.how}.`,
          fix: `Copy the ID of ${clientOf(mention.role)} from the Cloud console: ${wholeId}`,
        };
      }
    },
  },
  {
    id: 'client-id-blank',
    name: 'Blank or quote around a client ID',
    severity: 'error',
    why: 'A blank, a line break or a quote is sent as part of the ID, and Google does not know such a client.',
    source: sources.clients,
    cause: 'credential-whitespace',
    *find(project) {
      for (const { mention } of withShape(project, 'blank')) {
        yield {
          ...placeOf(mention),
          message: `${mention.key} has a blank, a line break or a quote around the client ID.`,
          fix: 'Leave only the ID between the tags or quotes.',
        };
      }
    },
  },
  {
    id: 'client-id-placeholder',
    name: 'Placeholder as client ID',
    severity: 'error',
    why: 'A placeholder or an empty value is sent as it is, and Google does not know such a client.',
    source: sources.start,
    cause: 'client-id-placeholder-or-unset',
    *find(project) {
      for (const { mention } of withShape(project, 'placeholder')) {
        const empty = String(mention.value).trim() === '';
        yield {
          ...placeOf(mention),
          message: `${mention.key} is ${empty ? 'empty' : 'still a placeholder'}.`,
          fix: `Fill in the ID of ${clientOf(mention.role)}: ${wholeId}`,
        };
      }
    },
  },
  {
    id: 'client-id-is-api-key',
    name: 'API key as client ID',
    severity: 'error',
    why: 'An API key names a project to an API; it is no OAuth client.',
    source: sources.clients,
    cause: 'api-key-as-credential',
    *find(project) {
      for (const { mention } of withShape(project, 'api-key')) {
        yield {
          ...placeOf(mention),
          message: `${mention.key} holds an API key.`,
          fix: `Put the ID of ${clientOf(mention.role)} there: ${wholeId}`,
        };
      }
    },
  },
  {
    id: 'client-id-is-secret',
    name: 'Client secret as client ID',
    severity: 'error',
    why: 'A client secret inside an app can be read by everybody who installs it, and it is no client ID.',
    source: sources.bestPractices,
    cause: 'client-id-malformed',
    *find(project) {
      for (const { mention } of withShape(project, 'secret')) {
        yield {
          ...placeOf(mention),
          message: `${mention.key} holds a client secret.`,
          fix: `Put the ID of ${clientOf(mention.role)} there, and reset the secret in the Cloud console: it has to be taken as known.`,
        };
      }
    },
  },
  {
    id: 'client-id-not-string',
    name: 'Client ID that is no string',
    severity: 'error',
    why: 'The SDK ignores a value that is no string, as if the key were missing.',
    source: sources.sdkRepository,
    cause: 'info-plist-malformed',
    *find(project) {
      for (const { mention } of withShape(project, 'not-string')) {
        const type = mention.value instanceof Uint8Array ? 'data' : jsonType(mention.value);
        yield {
          ...placeOf(mention),
          message: `${mention.key} is ${type}, not a string, so it is ignored.`,
          fix: `Make it a string with the ID of ${clientOf(mention.role)}.`,
        };
      }
    },
  },
  {
    id: 'build-setting',
    name: 'ID left to the build settings',
    severity: 'note',
    why: 'A variable is filled in at build time, so its value cannot be judged from the files.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const { mention } of withShape(project, 'variable')) {
        yield {
          ...placeOf(mention),
          message: `${mention.key} is ${String(mention.value)}, filled in at build time: not judged.`,
          fix: 'Check the built app: gsac check on the folder of the .app reads its Info.plist.',
        };
      }
    },
  },
];

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (value === null) return 'null';
  if (typeof value === 'object') return 'a dictionary';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}
