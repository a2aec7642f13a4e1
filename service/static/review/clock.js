// Seconds that a person spends on each field: from its focus until it is settled, absences not counted. No DOM.

/** A pause longer than this is an absence. */
export const IDLE_MS = 60_000;

export class FieldClock {
  /** @param {() => number} now milliseconds that only go forward */
  constructor(now = () => performance.now()) {
    this.now = now;
    this.spent = new Map();
    this.name = null;
    this.last = 0;
  }

  /** Begin or go on with a field; null: with none. */
  turnTo(name) {
    this.touch();
    this.name = name;
    this.last = this.now();
  }

  /** Note that the person did something. */
  touch() {
    if (this.name === null) return;
    const at = this.now();
    const passed = at - this.last;
    if (passed <= IDLE_MS) this.spent.set(this.name, (this.spent.get(this.name) ?? 0) + passed);
    this.last = at;
  }

  /** Begin anew after the page was hidden. */
  wake() {
    this.last = this.now();
  }

  /** Return the seconds spent on a field so far, with one decimal. */
  seconds(name) {
    if (name === this.name) this.touch();
    return Math.round((this.spent.get(name) ?? 0) / 100) / 10;
  }

  clear() {
    this.spent.clear();
    this.name = null;
  }
}
