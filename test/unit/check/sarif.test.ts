import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rules } from '../../../src/tools/check/rules/rules.js';
import { createDesk, type Desk } from '../../support/run.js';
import { check, ids, plantTree, type Tree, withPath } from './support.js';

interface Log {
  $schema: string;
  version: string;
  runs: {
    tool: {
      driver: {
        name: string;
        version: string;
        rules: {
          id: string;
          shortDescription: { text: string };
          helpUri: string;
          defaultConfiguration: { level: string };
        }[];
      };
    };
    artifacts: { location: { uri: string } }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: {
        physicalLocation: {
          artifactLocation: { uri: string; index: number };
          region?: { startLine: number };
        };
      }[];
    }[];
  }[];
}

const ajv = new Ajv({
  strictTypes: false,
  // One of its patterns ends with a bracket too many, which only a lax reading takes.
  unicodeRegExp: false,
  formats: {
    uri: (text) => URL.canParse(text),
    'uri-reference': (text) => URL.canParse(text, 'https://example.com/'),
    'date-time': (text) => !Number.isNaN(Date.parse(text)),
  },
});
// Draft 04: of what draft 07 changed the schema has nothing but the name of its `id`.
const {
  $schema: _dialect,
  id: _id,
  ...schema
} = JSON.parse(
  readFileSync(new URL('../../fixtures/schemas/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'),
);
const accepts = ajv.compile(schema);

function expectSarif(log: object): void {
  const accepted = accepts(log);
  expect(accepts.errors ?? []).toEqual([]);
  expect(accepted).toBe(true);
}

// The parts of the schema that are used: another one is a decision.
const admitted = {
  log: ['$schema', 'version', 'runs'],
  run: ['tool', 'results', 'artifacts', 'columnKind'],
  result: ['level', 'message', 'ruleId', 'ruleIndex', 'locations', 'properties'],
  rule: [
    'id',
    'name',
    'shortDescription',
    'fullDescription',
    'help',
    'helpUri',
    'defaultConfiguration',
  ],
} as const;

function expectOnly(value: object, keys: readonly string[]): void {
  expect(keys).toEqual(expect.arrayContaining(Object.keys(value)));
}

describe('gsac check --format sarif', () => {
  let desk: Desk;
  let tree: Tree;
  beforeEach(() => {
    desk = createDesk();
    tree = plantTree('cocoapods');
  });
  afterEach(() => {
    desk.dispose();
    tree.remove();
  });

  async function sarif(): Promise<Log> {
    const ran = await desk.run(['check', tree.path, '--format', 'sarif'], { env: withPath });
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).not.toContain(ids.secret);
    return ran.json<Log & Record<string, unknown>>();
  }

  it('is what the schema of SARIF 2.1.0 admits', async () => {
    tree.write('Sample App/Info #1.plist', 'broken');
    const log = await sarif();
    expectSarif(log);
    expectOnly(log, admitted.log);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-2\.1\.0/);
    expect(log.runs).toHaveLength(1);
    const [run] = log.runs;
    if (run === undefined) throw new Error('no run');
    expectOnly(run, admitted.run);
    const { driver } = run.tool;
    expect(driver).toMatchObject({ name: 'gsac', version: '0.0.0-test' });
    expect(driver.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    for (const rule of driver.rules) {
      expectOnly(rule, admitted.rule);
      expect(rule.shortDescription.text).not.toBe('');
      expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level);
      expect(() => new URL(rule.helpUri)).not.toThrow();
    }
    for (const result of run.results) {
      expectOnly(result, admitted.result);
      expect(driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      expect(result.message.text).not.toBe('');
      for (const { physicalLocation } of result.locations) {
        const { uri, index } = physicalLocation.artifactLocation;
        expect(run.artifacts[index]?.location.uri).toBe(uri);
        // A relative reference: nothing that would be taken for a scheme, a host or a fragment.
        expect(uri).toMatch(/^(?!\/)[\w.%/-]+$/);
        expect(physicalLocation.region?.startLine ?? 1).toBeGreaterThanOrEqual(1);
      }
    }
    expect(run.artifacts.map(({ location }) => location.uri)).toContain(
      'Sample%20App/Info%20%231.plist',
    );
  });

  it('says what --json says', async () => {
    const log = await sarif();
    const { findings } = await check(desk, tree.path);
    expect(
      log.runs[0]?.results.map(({ ruleId, level, locations }) => ({
        rule: ruleId,
        severity: level,
        file: locations[0]?.physicalLocation.artifactLocation.uri,
        line: locations[0]?.physicalLocation.region?.startLine ?? null,
      })),
    ).toEqual(findings.map(({ rule, severity, file, line }) => ({ rule, severity, file, line })));
  });

  it('is an empty run where nothing was found', async () => {
    tree.remove();
    tree = plantTree('xcode');
    const ran = await desk.run(['check', tree.path, '--format', 'sarif']);
    expect(ran.exitCode).toBe(0);
    const log = ran.json<Log & Record<string, unknown>>();
    expectSarif(log);
    expect(log.runs[0]?.results).toEqual([]);
  });
});
