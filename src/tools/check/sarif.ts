import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { CheckFinding, CheckRule } from './model.js';
import { rules } from './rules/rules.js';

/**
 * The findings as a SARIF 2.1.0 log: one run, with every rule, and locations relative to the checked
 * folder.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(findings: readonly CheckFinding[], version: string): Log {
  const uris = [...new Set(findings.map(({ file }) => toUri(file)))];
  const artifactIndexes = new Map(uris.map((uri, index) => [uri, index]));
  const ruleIndexes = new Map(rules.map(({ id }, index) => [id, index]));

  function toResult({ rule, severity, file, line, message, fix, cause }: CheckFinding): Result {
    const uri = toUri(file);
    const artifactLocation = { uri, index: artifactIndexes.get(uri) ?? -1 };
    const region = line === null ? {} : { region: { startLine: line } };
    return {
      ruleId: rule,
      ruleIndex: ruleIndexes.get(rule) ?? -1,
      level: severity,
      message: { text: `${message} ${fix}` },
      locations: [{ physicalLocation: { artifactLocation, ...region } }],
      properties: { fix, cause },
    };
  }

  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'gsac', version, rules: rules.map(toDescriptor) } },
        columnKind: 'utf16CodeUnits',
        artifacts: uris.map((uri) => ({ location: { uri } })),
        results: findings.map(toResult),
      },
    ],
  };
}

function toDescriptor({ id, name, severity, why, source }: CheckRule): ReportingDescriptor {
  return {
    id,
    name: id.replace(/(^|-)(\w)/g, (_whole, _dash, letter: string) => letter.toUpperCase()),
    shortDescription: { text: name },
    fullDescription: { text: why },
    help: { text: why },
    helpUri: source,
    defaultConfiguration: { level: severity },
  };
}

/** A relative URI reference: each part percent-encoded, and none taken for a scheme. */
function toUri(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
