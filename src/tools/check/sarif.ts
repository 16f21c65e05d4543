import {
  SarifBuilder,
  SarifResultBuilder,
  SarifRuleBuilder,
  SarifRunBuilder,
} from 'node-sarif-builder';
import type { Finding } from './model.js';
import { rules } from './rules/rules.js';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

/**
 * The findings as a SARIF 2.1.0 log: one run, with every rule, and locations relative to the checked
 * folder.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(findings: readonly Finding[], version: string): object {
  const run = new SarifRunBuilder({ defaultSourceLanguage: 'xml' });
  run.setToolDriverName('gsac');
  run.setToolDriverVersion(version);
  run.run.columnKind = 'utf16CodeUnits';
  for (const { id, name, severity, why, source } of rules) {
    const rule = new SarifRuleBuilder();
    rule.setRuleId(id);
    rule.setShortDescriptionText(name);
    rule.setFullDescriptionText(why);
    rule.setHelpUri(source);
    rule.rule.name = toPascalCase(id);
    rule.rule.help = { text: why };
    rule.rule.defaultConfiguration = { level: severity };
    run.addRule(rule);
  }
  for (const finding of findings) run.addResult(toResult(finding));
  const builder = new SarifBuilder({ $schema: schema });
  builder.addRun(run);
  const log = builder.buildSarifOutput();
  // The library names a language for every file, and guesses.
  for (const artifact of log.runs.flatMap(({ artifacts = [] }) => artifacts)) {
    delete artifact.sourceLanguage;
  }
  for (const each of log.runs) delete each.defaultSourceLanguage;
  return log;
}

function toResult({
  rule,
  severity,
  file,
  line,
  message,
  fix,
  cause,
}: Finding): SarifResultBuilder {
  const result = new SarifResultBuilder();
  result.setRuleId(rule);
  result.setLevel(severity);
  result.setMessageText(`${message} ${fix}`);
  result.setLocationArtifactUri({ uri: toUri(file) });
  if (line !== null) result.setLocationRegion({ startLine: line });
  result.result.properties = { fix, cause };
  return result;
}

/** A relative URI reference: each part percent-encoded, and none taken for a scheme. */
function toUri(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

function toPascalCase(id: string): string {
  return id.replace(/(^|-)(\w)/g, (_whole, _dash, letter: string) => letter.toUpperCase());
}
