// What the service makes of a text while it is typed: asked after a pause, each text once.

import { Refused } from "../common.js";
import * as api from "./api.js";

const PAUSE_MS = 220;

export class Checker {
  constructor(record, ask = api.check) {
    this.record = record;
    this.ask = ask;
    this.answers = new Map();
    this.known = new Map();
  }

  /** Return an answer that has come already, or undefined. */
  answered(field, text) {
    return this.known.get(`${field}\n${text}`);
  }

  /**
   * Ask what a text means; null where the service cannot be reached: it checks again when the paper is approved.
   * @returns {Promise<{value: unknown, shown: string, problem: string|null}|null>}
   */
  of(field, text) {
    const key = `${field}\n${text}`;
    if (!this.answers.has(key)) {
      const asked = this.ask(this.record, field, text).then(
        (answer) => {
          this.known.set(key, answer);
          return answer;
        },
        (error) => {
          this.answers.delete(key);
          if (error instanceof Refused) return null;
          throw error;
        },
      );
      this.answers.set(key, asked);
    }
    return this.answers.get(key);
  }

  /** Ask after a pause; only the last call is answered. */
  soon(field, text, onAnswer) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const timer = this.timer;
      const answer = await this.of(field, text);
      if (timer === this.timer) onAnswer(answer);
    }, PAUSE_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }
}
