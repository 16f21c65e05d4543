// Sends one request, or several in turn, again and again over kept connections.
import { Agent, request } from 'node:http';

const connections = 32;

function newAgent() {
  return new Agent({ keepAlive: true, maxSockets: connections });
}

/** Fields as a form's body. */
export function form(fields) {
  return new URLSearchParams(fields).toString();
}

/** A request to be sent many times over kept connections. */
export class Load {
  #agent = newAgent();
  #url;
  #bodies;

  /** @param bodies what is sent: one body, or several that are sent in turn. */
  constructor(url, ...bodies) {
    this.#url = new URL(url);
    this.#bodies = bodies;
  }

  /** Sends so many requests, as many at once as there are connections; milliseconds. */
  async run(count, onAnswer = () => {}) {
    let left = count;
    const startedAt = performance.now();
    const work = async () => {
      while (left > 0) {
        left -= 1;
        onAnswer(await this.once(left));
      }
    };
    await Promise.all(Array.from({ length: connections }, work));
    const took = performance.now() - startedAt;
    // A server closes what is not used for some seconds, and the next run would find it dead.
    this.close();
    return took;
  }

  /** Sends one; the text of its answer. @throws {Error} where that is no 200. */
  once(at = 0) {
    const body = this.#bodies[at % this.#bodies.length];
    const options = {
      agent: this.#agent,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': body.length,
      },
    };
    return new Promise((resolve, reject) => {
      const asking = request(this.#url, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${this.#url}: ${answer.statusCode} ${text}`));
        });
      });
      asking.once('error', reject).end(body);
    });
  }

  close() {
    this.#agent.destroy();
    this.#agent = newAgent();
  }
}
