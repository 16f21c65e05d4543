import { readFileSync } from 'node:fs';
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderJunit } from '../../../src/tools/verify/reports/junit.js';
import { blockedFlows, failingFlow, largeReport, nasty, passingFlow, reportOf } from './support.js';

describe('renderJunit', () => {
  let schema: XmlDocument;
  let validator: XsdValidator;
  beforeAll(() => {
    schema = XmlDocument.fromString(
      readFileSync(new URL('../../fixtures/schemas/junit-10.xsd', import.meta.url), 'utf8'),
    );
    validator = XsdValidator.fromDoc(schema);
  });
  afterAll(() => {
    validator.dispose();
    schema.dispose();
  });

  /** Parsed, and accepted by the schema. */
  function parse(text: string): XmlDocument {
    const document = XmlDocument.fromString(text);
    onTestFinished(() => document.dispose());
    validator.validate(document);
    return document;
  }

  function attributes(document: XmlDocument, path: string): Record<string, string> {
    const element = document.get(path) as XmlElement | null;
    return Object.fromEntries(element?.attrs.map(({ name, value }) => [name, value]) ?? []);
  }

  it('is what the schema admits, with a suite for each flow and a case for each check', () => {
    const document = parse(renderJunit(reportOf(passingFlow('one'), failingFlow('two'))));
    expect(attributes(document, '/testsuites')).toEqual({
      name: 'gsac verify plans/nightly.yaml',
      tests: '12',
      failures: '3',
      errors: '1',
      time: '30.741',
    });
    expect(attributes(document, '/testsuites/testsuite[2]')).toEqual({
      name: 'two',
      tests: '4',
      failures: '3',
      errors: '1',
      skipped: '0',
      time: '30.340',
      timestamp: '2026-11-22T22:07:05',
      id: '1',
    });
    expect(document.find('//testsuite[1]/testcase')).toHaveLength(8);
    expect(attributes(document, '//testcase[1]')).toEqual({
      name: 'code.accepted: the code is taken',
      classname: 'one',
      time: '0.043',
    });
    expect(attributes(document, '//property[@name="email"]')['value']).toBe('tester@example.com');
    expect(attributes(document, '//property[@name="version"]')['value']).toBe('1.2.3');
  });

  it('says of a failure its code, what was seen and its causes, and of the rest why it did not run', () => {
    const document = parse(renderJunit(reportOf(failingFlow())));
    expect(attributes(document, '//testcase[1]/failure')).toEqual({
      type: 'invalid_grant',
      message: '400 invalid_grant: Token has been expired or revoked.',
    });
    expect(document.get('//testcase[1]/failure')?.content).toContain(
      'expected: 200 with an access token\nseen: 400 invalid_grant: Token has been expired or revoked.\nlikely cause: access_revoked:',
    );
    expect(attributes(document, '//testcase[2]/failure')['type']).toBe('check_failed');
    expect(attributes(document, '//testcase[4]/error')).toEqual({
      type: 'could_not_run',
      message: 'could not run: refresh.grant failed # before',
    });
  });

  it('counts what could not run as an error, unless the flow passes', () => {
    const [flow, expected] = blockedFlows();
    const document = parse(renderJunit(reportOf(flow)));
    const counts = { tests: '4', failures: '0', errors: '1' };
    expect(attributes(document, '/testsuites')).toMatchObject(counts);
    expect(attributes(document, '//testsuite')).toMatchObject({ ...counts, skipped: '2' });
    expect(document.find('//testcase[2]/error')).toHaveLength(1);
    expect(document.find('//error')).toHaveLength(1);
    expect(document.find('//failure')).toEqual([]);
    expect(attributes(document, '//testcase[3]/skipped')['type']).toBe('not_asked');
    const passing = parse(renderJunit(reportOf(expected)));
    expect(attributes(passing, '//testsuite')).toMatchObject({ errors: '0', skipped: '3' });
    expect(attributes(passing, '//testcase[2]/skipped')['type']).toBe('blocked');
    expect(passing.find('//error')).toEqual([]);
  });

  it('carries text from outside as text', () => {
    const document = parse(renderJunit(reportOf(failingFlow(`${nasty.script}${nasty.xml}`))));
    const { name } = attributes(document, '//testsuite');
    expect(name).toBe(`${nasty.script}${nasty.xml}`.replace('\r\n', '\n'));
    expect(attributes(document, '//testcase[2]/failure')['message']).toContain(
      'bell\\u{7} \\u{1b}[31mred\\u{1b}[0m \\u{202e}gnp.exe \\u{d800} \\u{ffff}',
    );
    expect(document.find('//script')).toEqual([]);
  });

  it('leaves out an account that never came out', () => {
    const document = parse(renderJunit(reportOf({ ...passingFlow(), account: null, checks: [] })));
    expect(document.find('//property[@name="email" or @name="sub"]')).toEqual([]);
    expect(document.find('//property')).toHaveLength(4);
  });

  it('is what the schema admits for hundreds of flows', () => {
    const document = parse(renderJunit(largeReport(300)));
    expect(document.find('//testsuite')).toHaveLength(300);
  });
});
