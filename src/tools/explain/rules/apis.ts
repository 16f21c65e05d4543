import { all, any, clientIs, mentions, not, rulesWith, says } from './rule.js';

const asServiceAccount = any(
  clientIs('service_account'),
  mentions(/service[ _-]?accounts?|gserviceaccount/i),
);

const noMailbox = says(/failedPrecondition|Precondition check failed|Mail service not enabled/i);

/** What the Admin SDK answers to whoever is no administrator. */
export const notAuthorized =
  /Not Authorized to access this resource\/api|caller does not have access to the customers/i;

/** Apps Script refuses a call in a function that it runs without authorization. */
export const simpleTrigger = all(
  says(/do not have permission to call|Authorization is required to perform/i),
  mentions(/simple trigger|\bon(Edit|Open|Install|Change|FormSubmit)\b/i),
);

/** What APIs other than Drive refuse, and what the projects and keys behind the calls lack. */
export const apiRules = rulesWith(
  {
    docs: 'https://developers.google.com/workspace/drive/api/guides/handle-errors',
    stages: ['drive'],
  },
  [
    {
      cause: 'service-account-without-mailbox',
      why: 'The call acts for an account without a Gmail mailbox. A service account has no mailbox of its own, and other accounts can lack Gmail, too.',
      fix: 'Set subject (with_subject, setSubject, rclone --drive-impersonate) to a person in the domain, with domain-wide delegation. An @gmail.com mailbox needs the person’s own sign-in. If a person signed in, turn Gmail on for the account.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority',
      proves: all(
        says(
          /failedPrecondition|FAILED_PRECONDITION|Precondition check failed|Mail service not enabled/i,
        ),
        asServiceAccount,
      ),
      speaksFor: [noMailbox, all(noMailbox, mentions(/gmail/i))],
      alike: [
        {
          cause: 'service-account-subject-missing',
          check: 'Delegation is set up, but no subject is set.',
        },
      ],
    },
    {
      cause: 'mailbox-of-another-account',
      why: 'Gmail was asked for a mailbox that is not that of the token’s account. A delegation in Gmail’s own settings does not apply to the API.',
      fix: 'Set userId to me and use a token of the mailbox’s owner. With a service account, set subject to the owner.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority',
      proves: says(/Delegation denied\b/i),
    },
    {
      cause: 'play-console-access-missing',
      why: 'The Play Console has not given this service account access to the app. Roles in the Cloud project do not count there.',
      fix: 'In the Play Console (Users and permissions), invite the service account’s client_email and give it permissions for this app. They take effect within a day.',
      docs: 'https://developers.google.com/android-publisher/getting_started',
      proves: says(
        /projectNotLinked|has not been linked in the Google Play|insufficient permissions to perform the requested/i,
      ),
      speaksFor: all(
        says(
          /does not have permission|forbidden|permissionDenied|insufficient permissions|40[13]/i,
        ),
        mentions(
          /androidpublisher|Google Api Error|fastlane|upload_to_play_store|play (console|store|developer|publish)|in-?app purchase|purchases?\.(products|subscriptions)/i,
        ),
        not(says(/scope|has not been used|disabled|api[_ ]?key/i)),
      ),
      alike: [{ cause: 'settings-not-yet-effective', check: 'It was granted within 24 hours.' }],
    },
    {
      cause: 'apps-script-simple-trigger',
      why: 'A simple trigger (onEdit, onOpen) runs without authorization, so it cannot call services that need one, whatever the manifest says.',
      fix: 'Give the function another name and add an installable trigger for it (Triggers, Add trigger). It runs as the person who added it.',
      docs: 'https://developers.google.com/apps-script/guides/triggers#restrictions',
      speaksFor: simpleTrigger,
    },
    {
      cause: 'admin-rights-missing',
      why: 'The person that the call acts for is not an administrator of the Workspace domain, or lacks the privilege that this call needs.',
      fix: 'Make the call as an administrator (subject of a service account), or ask one to give the person an admin role with this privilege.',
      docs: 'https://developers.google.com/workspace/admin/directory/v1/guides/authorizing',
      proves: all(says(notAuthorized), clientIs('web', 'installed')),
    },
    {
      cause: 'api-key-invalid',
      why: 'Google does not accept this API key: it is misspelled, deleted, expired, blocked or of another kind.',
      fix: 'Copy the key again from the Cloud console (Credentials). For a person’s data, send an access token instead: an API key is not enough.',
      docs: 'https://cloud.google.com/docs/authentication/api-keys',
      stages: ['drive', 'signin-config', 'verify'],
      proves: says(
        /API[_ ](developer )?key (is )?(not valid|not found|expired|invalid)|API_KEY_INVALID|auth\/(invalid-api-key|api-key-not-valid)|invalid api key|keyInvalid|API key was reported|'api_key:[^;]{0,60}suspended/i,
      ),
    },
    {
      cause: 'api-key-app-restricted',
      why: 'The API key is restricted to certain apps, sites, addresses or APIs, and this caller is not one of them.',
      fix: 'In the Cloud console, under Credentials, add the caller (package and SHA-1, bundle ID, site, IP address) or this API to the key, or use a separate key for each kind of caller. A server’s key cannot have website restrictions.',
      docs: 'https://cloud.google.com/docs/authentication/api-keys#securing',
      stages: ['drive', 'signin-config', 'verify'],
      proves: says(
        /Requests from (this (Android|iOS) client application|referer)[^;]{0,80}are blocked|API_KEY_\w{1,20}_BLOCKED(?![^;]{0,200}(identitytoolkit|securetoken))|authorized to use this (API )?key|referr?er restrictions? cannot|per-IP or per-Referer|Requests to this API[^;]{0,120}are blocked|requests-to-this-api[\w-]{0,80}are-blocked|ipRefererBlocked|RefererNotAllowed|does not match the referr?er restriction|IP address[^.;]{0,40}(restriction|violat)|auth\/app-not-authorized/i,
      ),
      alike: [{ cause: 'settings-not-yet-effective', check: 'The key is five minutes old.' }],
    },
    {
      cause: 'billing-required',
      why: 'The project has no billing account, and this API requires one even within its free quota.',
      fix: 'Link a billing account to the project in the Cloud console.',
      docs: 'https://cloud.google.com/billing/docs/how-to/modify-project',
      alike: [{ cause: 'settings-not-yet-effective', check: 'It was linked some minutes ago.' }],
      proves: says(
        /requires billing|enable billing|absent billing account|BILLING_DISABLED|billing (to be |has not been |must be |is not )?enabled|billingNotEnabled|billing account[^.;]{0,60}(closed|disabled|delinquent)|accountDelinquent|(closed|delinquent) billing account/i,
      ),
    },
    {
      cause: 'iam-permission-missing',
      why: 'The account lacks a role in the Cloud project that this call needs. Scopes do not replace roles.',
      fix: [
        'Grant a role with the permission that the message names (IAM, Grant access). To act as a service account, the account needs roles/iam.serviceAccountTokenCreator on it.',
        'For Gmail’s watch, give gmail-api-push@system.gserviceaccount.com the role Pub/Sub Publisher on the topic.',
      ],
      docs: 'https://cloud.google.com/iam/docs/service-account-permissions',
      stages: ['drive', 'exchange', 'refresh', 'verify'],
      proves: says(
        /IAM_PERMISSION_DENIED|Permission ['"]?[a-z]{2,30}\.[a-zA-Z]{2,40}\.[a-zA-Z]{2,40}['"]? denied|iam\.serviceAccounts\.\w{1,40}|serviceAccountTokenCreator|does not have (the )?[a-z]{2,30}\.[a-zA-Z]{2,40}\.[a-zA-Z]{2,40} (access|permission)|Cloud PubSub[^;]{0,120}not authorized|User not authorized to perform this action|Permission denied on resource project|USER_PROJECT_DENIED|serviceusage\.services\.use|required permission to use project|serviceUsageConsumer|auth\/insufficient-permission|(?<="credential" property has )insufficient permission/i,
      ),
      alike: [{ cause: 'settings-not-yet-effective', check: 'It was granted ten minutes ago.' }],
    },
    {
      cause: 'youtube-channel-missing',
      why: 'The account that the token belongs to has no YouTube channel. Service accounts never have one.',
      fix: 'Create a channel for the account (youtube.com, Create a channel), or sign in with the account or brand account that has one.',
      docs: 'https://developers.google.com/youtube/v3/docs/errors',
      proves: says(/youtubeSignupRequired|NoLinkedYouTubeAccount/i),
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
