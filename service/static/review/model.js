// One paper under review: which fields wait, which are settled, where the person is, what can be undone. No DOM, no network.

/** Where the person is when every doubtful field is settled. */
export const SUMMARY = "*summary*";

export class Review {
  /**
   * @param {object} view as the service gives it
   * @param {{revision: number, fields: object, typed?: object}|null} draft what was entered before, here or elsewhere
   */
  constructor(view, draft = view.draft) {
    this.view = view;
    this.revision = draft?.revision ?? view.revision;
    this.entries = new Map();
    // Texts that were typed and not settled: leaving a field loses nothing.
    this.typed = new Map();
    // Proposals that a region gave, after the machine's own.
    this.found = new Map();
    this.opened = new Set();
    this.past = [];
    this.trail = [];
    for (const [name, entry] of Object.entries(draft?.fields ?? {})) if (this.field(name)) this.entries.set(name, entry);
    for (const [name, text] of Object.entries(draft?.typed ?? {})) if (this.field(name)) this.typed.set(name, text);
    this.current = this.beginning;
  }

  field(name) {
    return this.view.fields.find((field) => field.name === name);
  }

  get names() {
    return this.view.fields.map((field) => field.name);
  }

  get isReadOnly() {
    return this.view.mode === "read";
  }

  get beginning() {
    if (this.isReadOnly) return this.names[0] ?? SUMMARY;
    return this.waiting[0] ?? SUMMARY;
  }

  /** Fields that a person has to look at, settled or not. */
  get doubtful() {
    return this.isReadOnly ? [] : this.names.filter((name) => this.field(name).needs_person);
  }

  /** Fields that still wait. */
  get waiting() {
    return this.doubtful.filter((name) => !this.entries.has(name));
  }

  /** Fields with an input: doubtful ones, and accepted ones that were opened on purpose. */
  get inputs() {
    return this.names.filter((name) => this.hasInput(name));
  }

  hasInput(name) {
    if (this.isReadOnly || name === SUMMARY) return false;
    return this.field(name).needs_person || this.opened.has(name) || this.entries.has(name);
  }

  /** Accepted fields can be opened in a review; who keys a second time does nothing else. */
  get mayOpen() {
    return this.view.mode === "review";
  }

  proposals(name) {
    return [...this.field(name).proposals, ...(this.found.get(name) ?? [])].slice(0, 9);
  }

  /** Add what readers made of a region; returns the digit of the first that is new, or of the same value. */
  addProposals(name, read) {
    const before = this.proposals(name);
    const fresh = read.filter((each) => !before.some((other) => other.shown === each.shown));
    this.found.set(name, [...fresh, ...(this.found.get(name) ?? [])]);
    const first = read[0]?.shown;
    return this.proposals(name).findIndex((proposal) => proposal.shown === first) + 1;
  }

  /** Open an accepted field for editing. */
  open(name) {
    this.opened.add(name);
    this.go(name);
  }

  /** Move to a field, or to the summary. */
  go(name) {
    if (name !== this.current) this.trail.push(this.current);
    this.current = name;
  }

  /** Return to where the person was before; false where that is nowhere. */
  back() {
    const before = this.trail.pop();
    if (before === undefined) return false;
    this.current = before;
    return true;
  }

  /** Settle a field. */
  settle(name, entry) {
    this.past.push({ name, before: this.entries.get(name) });
    this.entries.set(name, entry);
    this.typed.delete(name);
  }

  /** Let a field wait again: its value was refused. It stays as it was typed, and its settling cannot be undone. */
  unsettle(name, text) {
    this.entries.delete(name);
    this.past = this.past.filter((past) => past.name !== name);
    this.typed.set(name, text);
  }

  /** The next field that waits after a field, going round; the summary where none waits. */
  after(name) {
    const from = this.names.indexOf(name);
    const waiting = this.waiting.filter((other) => other !== name);
    return waiting.find((other) => this.names.indexOf(other) > from) ?? waiting[0] ?? SUMMARY;
  }

  /** The neighbour among `among` (names in the paper's order), or null at the end. */
  neighbour(name, step, among) {
    const all = this.names;
    const from = name === SUMMARY ? all.length : all.indexOf(name);
    const others = among.filter((other) => (step > 0 ? all.indexOf(other) > from : all.indexOf(other) < from));
    return (step > 0 ? others[0] : others.at(-1)) ?? null;
  }

  /** Take back the last settlement; returns its field, or null where there is none. */
  undo() {
    const last = this.past.pop();
    if (!last) return null;
    if (last.before) this.entries.set(last.name, last.before);
    else this.entries.delete(last.name);
    this.go(last.name);
    return last.name;
  }

  /** What the service keeps as a draft, and gets when the paper is approved. */
  get draft() {
    return { revision: this.revision, fields: Object.fromEntries(this.entries) };
  }

  /**
   * Go on with the record as somebody else left it.
   * @param {object} view the record now
   * @param {Record<string, "yours"|"theirs">} chosen by field in conflict
   */
  rebase(view, chosen) {
    this.view = view;
    this.revision = view.revision;
    for (const [name, side] of Object.entries(chosen)) if (side === "theirs") this.entries.delete(name);
    for (const name of [...this.entries.keys()]) if (!this.field(name)) this.entries.delete(name);
    // What was settled before may be about values that are gone.
    this.past = [];
    this.trail = [];
    this.current = this.beginning;
  }
}
