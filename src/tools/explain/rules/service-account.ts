import { notAuthorized } from './apis.js';
import { creates } from './drive-files.js';
import { all, any, clientIs, errorIs, mentions, rulesWith, says, told } from './rule.js';

const serviceAccounts = 'https://developers.google.com/identity/protocols/oauth2/service-account';

/** Service accounts: their keys, what they may do for others, and what they may store. */
export const serviceAccountRules = rulesWith(
  { docs: serviceAccounts, stages: ['exchange', 'refresh', 'client-file'] },
  [
    {
      cause: 'service-account-key-wrong',
      why: 'The key cannot sign for this service account: it was deleted, belongs to another account, or its text was damaged.',
      fix: [
        'If the key is in a variable, turn its \\n into real line breaks (key.replace(/\\\\n/g, "\\n")), and remove quotes around it.',
        'Otherwise create a new key, use its file unchanged, and take client_email from the same file.',
      ],
      proves: mentions(
        /Invalid JWT Signature|Invalid JWT: Failed audience check|No valid verifier found|Invalid signature for token|no start line|DECODER routines|Could not deserialize key data|Invalid (private|PKCS8?)[^.;]{0,12} ?(key|data)|PEM_read_bio|(private[_ ]?key|PEM)[^.;]{0,30}(invalid|malformed|not (a )?valid|cannot be parsed|failed to parse|missing)|InvalidKey(Spec|Error)?\w{0,12}|openssl_sign\(\)|asn1|invalid PEM|secretOrPrivateKey must be an asymmetric|No key could be detected|Neither PUB key nor PRIV key|should be a PEM/i,
      ),
    },
    {
      cause: 'service-account-gone',
      why: 'The service account, or the person that it acts for, was deleted or disabled, or its address is misspelled.',
      fix: 'Check that it still exists and is enabled (IAM, Service accounts), and that the address in subject is spelled correctly.',
      proves: says(
        /robot is (disabled|missing)|account not found|Not a valid email or user ID|Invalid email or User ID/i,
      ),
      alike: [
        {
          cause: 'service-account-key-wrong',
          check: 'client_email and private_key come from two files.',
        },
      ],
    },
    {
      cause: 'service-account-not-delegated',
      why: 'The service account is not allowed to act for people in the domain, or not with these scopes.',
      fix: 'In the Admin console (Security, API controls, Domain-wide delegation), enter the account’s numeric client ID with exactly the requested scopes, and wait. Or remove subject.',
      docs: 'https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority',
      stages: ['exchange', 'refresh', 'drive'],
      proves: says(
        /unauthorized to retrieve access tokens using this method|client not authorized for any of the scopes|Unauthorized client or scope in request|Service accounts cannot invite attendees|Requested client not authorized/i,
      ),
      speaksFor: [
        all(errorIs('unauthorized_client'), clientIs('service_account')),
        // Whoever is in a group is asked of the directory, in an administrator's name.
        all(
          says(/Invalid Account|\b403\b|Permission Denied/i),
          told(/google-group|admin-email/i),
          told(/service-account/i),
        ),
      ],
      fits: told(/domain-?wide delegation|delegat|impersonat|\bsubject\b/i),
      alike: [{ cause: 'settings-not-yet-effective', check: 'It was delegated within 24 hours.' }],
    },
    {
      cause: 'service-account-subject-missing',
      why: 'The service account makes the call for itself, but it is not a user in the domain. Delegation works only if the request names a person.',
      fix: 'Name an administrator of the domain as the person to act for: subject (Node, Python), create_delegated or with_subject, setServiceAccountUser (Java), setSubject (PHP).',
      docs: 'https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority',
      stages: ['exchange', 'drive'],
      speaksFor: all(
        says(notAuthorized, /Domain not found|Invalid Input: Bad request for/i),
        any(clientIs('service_account'), told(/service.?account/i)),
      ),
      alike: [
        { cause: 'service-account-not-delegated', check: 'The Admin console has no entry for it.' },
      ],
      rulesOut: told(
        /\bsubject\b[^.;]{0,8}[=:(]|with_subject|create_delegated|setServiceAccountUser/i,
      ),
    },
    {
      cause: 'service-account-without-storage',
      why: 'A service account owns what it uploads, but it has no storage. Sharing a folder with it does not change this.',
      fix: 'Upload to a shared drive (supportsAllDrives=true), act for a person through domain-wide delegation, or upload with a person’s own token.',
      docs: 'https://developers.google.com/workspace/drive/api/guides/about-shareddrives',
      stages: ['drive'],
      proves: [
        says(/Service Accounts? do(es)? not have storage quota/i),
        all(
          mentions(/storage ?quota|quotaExceeded/i),
          any(clientIs('service_account'), told(/service[ _-]?account/i)),
        ),
      ],
      // The Sheets API says no more, and n8n and others keep the reason to themselves.
      speaksFor: [
        all(
          says(/caller does not have permission|\b403\b|forbidden/i),
          any(clientIs('service_account'), mentions(/service[ _-]?account/i)),
          creates,
        ),
        all(says(/caller does not have permission/i), says(/\/v4\/spreadsheets\?/)),
      ],
      alike: [
        { cause: 'file-permission-missing', check: 'The folder is not shared with client_email.' },
        { cause: 'drive-storage-full', check: 'It acts for a person whose storage is full.' },
      ],
    },
  ],
);
