import { all, any, clientIs, mentions, rulesWith, says, statusIs, told, unless } from './rule.js';

const asServiceAccount = any(clientIs('service_account'), mentions(/service[ _-]?accounts?/i));

const notAuthorized =
  /Not Authorized to access this resource\/api|caller does not have access to the customers/i;

/** What APIs other than Drive refuse, and what the projects and keys behind the calls lack. */
export const apiRules = rulesWith(
  {
    docs: 'https://developers.google.com/workspace/drive/api/guides/handle-errors',
    stages: ['drive'],
  },
  [
    {
      cause: 'service-account-without-mailbox',
      why: 'A service account has no mailbox or calendar of its own. Gmail refuses the call unless it acts for a person.',
      fix: 'Set subject (with_subject, setSubject, rclone --drive-impersonate) to a person in the domain, with domain-wide delegation. An @gmail.com mailbox needs the person’s own sign-in.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority',
      proves: all(
        says(
          /failedPrecondition|FAILED_PRECONDITION|Precondition check failed|Mail service not enabled/i,
        ),
        asServiceAccount,
      ),
      speaksFor: says(
        /failedPrecondition[^;]{0,80}Precondition check failed|Precondition check failed|Mail service not enabled/i,
      ),
    },
    {
      cause: 'admin-rights-missing',
      why: 'The person that the call acts for is not an administrator of the Workspace domain, or lacks the privilege that this call needs.',
      fix: 'Make the call as an administrator (subject of a service account), or ask one to give the person an admin role with this privilege.',
      docs: 'https://developers.google.com/workspace/admin/directory/v1/guides/authorizing',
      proves: unless(says(notAuthorized), clientIs('service_account')),
      speaksFor: says(notAuthorized),
      fits: all(statusIs(403), told(/directory|admin sdk|\badmin\b/i)),
    },
    {
      cause: 'api-key-invalid',
      why: 'Google does not recognise this API key: it is misspelled, deleted, expired or of another kind.',
      fix: 'Copy the key again from the Cloud console (Credentials). For a person’s data, send an access token instead: an API key is not enough.',
      docs: 'https://cloud.google.com/docs/authentication/api-keys',
      stages: ['drive', 'signin-config', 'verify'],
      proves: says(
        /API[_ ](developer )?key (is )?(not valid|not found|expired|invalid)|API_KEY_INVALID|auth\/(invalid-api-key|api-key-not-valid)|invalid api key|keyInvalid/i,
      ),
    },
    {
      cause: 'api-key-app-restricted',
      why: 'The API key is restricted to certain apps, sites, addresses or APIs, and this caller is not one of them.',
      fix: 'In the Cloud console, under Credentials, add the caller (package and SHA-1, bundle ID, site, IP address) or this API to the key, or use a separate key for each kind of caller.',
      docs: 'https://cloud.google.com/docs/authentication/api-keys#securing',
      stages: ['drive', 'signin-config', 'verify'],
      proves: says(
        /Requests from this (Android|iOS) client application[^;]{0,80}are blocked|API_KEY_(ANDROID_APP|IOS_APP|IP_ADDRESS|SERVICE)_BLOCKED|Requests to this API[^;]{0,120}are blocked|requests-to-this-api[\w-]{0,80}are-blocked|ipRefererBlocked|IP address[^.;]{0,40}(restriction|violat)|auth\/app-not-authorized/i,
      ),
    },
    {
      cause: 'billing-required',
      why: 'The project has no billing account, and this API requires one even within its free quota.',
      fix: 'Link a billing account to the project in the Cloud console.',
      docs: 'https://cloud.google.com/billing/docs/how-to/modify-project',
      proves: says(
        /requires billing|BILLING_DISABLED|billing (to be |has not been |must be |is not )?enabled|billingNotEnabled/i,
      ),
    },
    {
      cause: 'iam-permission-missing',
      why: 'The account lacks a role in the Cloud project that this call needs. Scopes do not replace roles.',
      fix: 'Grant the role that the message names (IAM, Grant access). To act as a service account, the account needs roles/iam.serviceAccountTokenCreator on it.',
      docs: 'https://cloud.google.com/iam/docs/service-account-permissions',
      stages: ['drive', 'exchange', 'refresh', 'verify'],
      proves: says(
        /IAM_PERMISSION_DENIED|Permission ['"]?[a-z]{2,30}\.[a-zA-Z]{2,40}\.[a-zA-Z]{2,40}['"]? denied|iam\.serviceAccounts\.\w{1,40}|serviceAccountTokenCreator|does not have (the )?[a-z]{2,30}\.[a-zA-Z]{2,40}\.[a-zA-Z]{2,40} (access|permission)|USER_PROJECT_DENIED|serviceusage\.services\.use/i,
      ),
    },
    {
      cause: 'youtube-channel-missing',
      why: 'The account that the token belongs to has no YouTube channel. Service accounts never have one.',
      fix: 'Create a channel for the account (youtube.com, Create a channel), or sign in with the account or brand account that has one.',
      docs: 'https://developers.google.com/youtube/v3/docs/errors',
      proves: says(/youtubeSignupRequired/i),
    },
    {
      cause: 'gmail-metadata-scope',
      why: 'One of the token’s scopes is gmail.metadata, which forbids searches and message bodies, whatever the other scopes allow.',
      fix: 'Remove gmail.metadata from the scopes, ask for gmail.readonly, and sign in again.',
      docs: 'https://developers.google.com/workspace/gmail/api/auth/scopes',
      proves: says(/Metadata scope (does not|doesn't) (support|allow)/i),
    },
  ],
);
