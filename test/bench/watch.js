// What `gsac watch` costs a request: the same requests of one kept connection to an emulator in Google's
// place, without it and through it. Run it by hand: node test/bench/watch.js
import { join } from 'node:path';
import { runNode, summarize } from './measure.js';
import { programPath, root } from './world.js';

const requests = 200;
const rounds = 3;
const bin = join(root, 'bin', 'gsac.js');
const program = [process.execPath, programPath('keep-alive.cjs'), String(requests)];
const { PATH, HOME } = process.env;

function median(inner) {
  const args = [bin, 'emulator', 'run', '--quiet', '--', ...inner, ...program];
  const { stdout } = runNode({ args, env: { PATH, HOME } });
  return summarize(JSON.parse(stdout.toString())).median;
}

const differences = [];
for (let round = 0; round < rounds; round += 1) {
  const direct = median([]);
  const watched = median([process.execPath, bin, 'watch', '--quiet', '--']);
  differences.push(watched - direct);
  process.stdout.write(
    `without ${direct.toFixed(2)} ms, with gsac watch ${watched.toFixed(2)} ms\n`,
  );
}
const { median: more } = summarize(differences);
process.stdout.write(`gsac watch adds ${more.toFixed(2)} ms to a request (bound: 3 ms)\n`);
process.exitCode = more > 3 ? 1 : 0;
