import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure } from './support.js';

const desk = useDesk();

it('sends no account of Google’s to the emulator whose client is named', async () => {
  await desk.exchange();
  const exported = JSON.parse((await desk.run(['export'])).stdout);
  const ofGoogle = { ...exported, token_uri: 'https://oauth2.googleapis.com/token' };
  await desk.run(['accounts', 'remove', 'tester@example.com', '--yes']);
  const file = desk.file('adc.json', JSON.stringify(ofGoogle));
  const without = { env: { GSAC_CLIENT: '' } };
  expect(await desk.run(['accounts', 'import', file], without)).toMatchObject({ exitCode: 0 });
  desk.emulator.requests.clear();
  const before = (await desk.run(['accounts', '--json'], without)).stdout;
  for (const command of [['token'], ['refresh'], ['files']]) {
    const ran = await desk.run([...command, '--json']);
    expect(expectFailure(ran, 'client_mismatch').message).toContain('came from Google');
  }
  expect(desk.emulator.requests.count()).toBe(0);
  expect((await desk.run(['accounts', '--json'], without)).stdout).toBe(before);
});

it('goes straight to the emulator that a client file with Google’s URIs names', async () => {
  const file = JSON.parse(readFileSync(desk.clientFile, 'utf8'));
  const google = {
    web: {
      ...file.web,
      token_uri: 'https://oauth2.googleapis.com/token',
      gsac_emulator: desk.emulator.origin,
    },
  };
  const env = { GSAC_CLIENT: desk.file('run.json', JSON.stringify(google)) };
  const ran = await desk.run(['exchange', desk.code(), '--json'], { env });
  expect(ran.json()).toMatchObject({ sent: { token_uri: `${desk.emulator.origin}/token` } });
  // Only this machine can stand in for Google.
  google.web.gsac_emulator = 'https://example.com';
  const other = { env: { GSAC_CLIENT: desk.file('run.json', JSON.stringify(google)) } };
  const sent = await desk.run(['exchange', desk.code(), '--json'], other);
  expect(sent.json()).toMatchObject({ sent: { token_uri: 'https://oauth2.googleapis.com/token' } });
});

it.each([
  [['emulator', 'run', 'npm', 'test'], /must follow --/],
  [['emulator', 'run', '--pass-through', 'https://x/', '--', 'true'], /is not a host/],
  [['emulator', 'run', '--report', 'x.json', '--', 'true'], /is not a report/],
  [['emulator', 'start', '--pass-through', 'x.googleapis.com'], /goes with --intercept/],
  [['emulator', 'env', '--format', 'docker'], /goes with --intercept/],
])('%j is refused before anything runs', async (argv, sentence) => {
  const ran = await desk.run(argv);
  expectHumanFailure(ran, 'usage');
  expect(ran.stderr).toMatch(sentence);
});

it('--client takes a file of Google’s, by its own sentence', async () => {
  const ran = await desk.run([
    ...['emulator', 'run', '--json', '--client', desk.clientFile, '--', 'true'],
  ]);
  expect(expectFailure(ran, 'usage').message).toContain('points at an emulator');
});
