// Prints the commands that the README has people try first.
import { readFileSync } from 'node:fs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = readme.split(/^```/m).filter((block) => block.startsWith('sh\n'));
const tour = blocks.find((block) => block.includes('gsac emulator start'));
process.stdout.write(tour?.slice('sh\n'.length) ?? '');
