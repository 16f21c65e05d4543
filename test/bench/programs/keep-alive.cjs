// Asks Google's keys so many times over one connection, and prints how long each request took.
const { Agent, get } = require('node:https');

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const ask = () =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    get('https://www.googleapis.com/oauth2/v3/certs', { agent }, (answer) => {
      answer.resume().once('end', () => resolve(performance.now() - startedAt));
    }).once('error', reject);
  });

(async () => {
  for (let warm = 0; warm < 20; warm += 1) await ask();
  const figures = [];
  for (let count = 0; count < Number(process.argv[2]); count += 1) figures.push(await ask());
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  agent.destroy();
})();
