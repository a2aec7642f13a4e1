// What the page knows of a batch: dossiers and files, of this browser and of the service, in one.

import { byName } from "./batches-tree.js";

/**
 * One file. `state`: `new` chosen; `hashed`; `sending`, `waiting`, `paused`; `stored`; `failed`; `half`: the service has
 * a part of it, and the file must be chosen again.
 */
export function newItem(dossier, name, size, file = null) {
  return {
    dossier,
    name,
    size,
    file,
    state: "new",
    sent: 0,
    sha256: null,
    uploadId: null,
    problem: null,
    known: null,
    choice: "attach",
    archive: false,
    inside: "",
    pageCount: null,
    checked: new Set(),
    poor: new Map(),
    blank: new Set(),
  };
}

export class Model {
  id = null;
  state = "open";
  // What digitising waits for, of the batch as a whole.
  problems = [];
  // The number of the last event that all that was told counts in.
  seq = 0;
  #dossiers = new Map();
  // Sorted when they are asked for: thousands come one after another.
  #inOrder = null;
  // Grows with everything of this page that the service took in: what it told before that is out of date.
  changes = 0;
  // What was told of files that this page does not know yet: those of an archive.
  #unclaimed = [];

  /** All dossiers, in the order of their names. */
  get dossiers() {
    this.#inOrder ??= [...this.#dossiers.values()].sort(byName);
    return this.#inOrder;
  }

  get items() {
    return this.dossiers.flatMap((dossier) => dossier.items);
  }

  dossier(name) {
    return this.#dossiers.get(name);
  }

  /** The dossier of that name, made when there is none. */
  dossierFor(name) {
    const found = this.dossier(name);
    if (found) return found;
    const made = { name, seq: 0, items: [], pages: 0, read: 0, state: null, papers: 0, toReview: 0, problems: [], found: null };
    this.#keep(made);
    return made;
  }

  /** Give a dossier a name that no other has. */
  rename(dossier, name) {
    this.#drop(dossier);
    dossier.name = name;
    this.#keep(dossier);
    this.changes += 1;
  }

  /** A name like this one that no dossier has. */
  freeName(name) {
    if (!this.dossier(name)) return name;
    let number = 2;
    while (this.dossier(`${name} (${number})`)) number += 1;
    return `${name} (${number})`;
  }

  remove(item) {
    const { dossier } = item;
    this.changes += 1;
    dossier.items = dossier.items.filter((other) => other !== item);
    if (!dossier.items.length) this.#drop(dossier);
  }

  #keep(dossier) {
    this.#dossiers.set(dossier.name, dossier);
    this.#inOrder = null;
  }

  #drop(dossier) {
    if (this.dossier(dossier.name) === dossier) this.#dossiers.delete(dossier.name);
    this.#inOrder = null;
  }

  /**
   * Take over what the service says of the batch; what this browser is sending stays as it is.
   * @param {object} view the batch with a portion of its files
   * @param {Set<object>} [told] what this gave for the portions before
   * @returns {Set<object>} the files that were told of so far; with the last portion, what was not told of is gone
   */
  merge(view, told = null) {
    this.id = view.batch_id;
    this.state = view.state;
    this.problems = view.problems;
    if (!told) [told, this.seq] = [new Set(), view.seq];
    for (const each of view.dossiers) {
      const dossier = this.dossierFor(each.dossier_id);
      // Events that came while this was on its way know more.
      if (view.seq >= dossier.seq) {
        dossier.seq = view.seq;
        [dossier.state, dossier.problems] = [each.state, each.problems];
        [dossier.papers, dossier.toReview] = [each.papers, each.to_review];
        [dossier.pages, dossier.read] = [each.pages, each.pages_read];
      }
      for (const file of each.files) told.add(this.#mergeFile(dossier, file));
      dossier.items.sort(byName);
    }
    if (view.next === null) this.#dropUntold(told);
    this.#unclaimed = this.#unclaimed.filter((event) => !checked(this.dossier(event.dossier_id), event));
    return told;
  }

  #dropUntold(told) {
    // An archive that was opened is gone: its files are there.
    for (const item of this.items) if (item.state === "stored" && !told.has(item)) this.remove(item);
    for (const dossier of this.dossiers) if (!dossier.items.length) this.#drop(dossier);
  }

  get hasUnclaimed() {
    return this.#unclaimed.length > 0;
  }

  #mergeFile(dossier, file) {
    let item = dossier.items.find((other) => (file.upload_id && other.uploadId === file.upload_id) || other.name === file.file);
    if (!item) {
      item = newItem(dossier, file.file, file.size_bytes);
      dossier.items.push(item);
      item.state = "half";
    }
    if (["sending", "waiting", "paused"].includes(item.state) && file.state !== "stored") return item;
    item.uploadId = file.upload_id;
    item.size = file.size_bytes;
    item.problem = file.problem;
    item.sha256 = file.sha256 ?? item.sha256;
    if (file.state === "stored") item.state = "stored";
    else if (file.state === "failed") item.state = "failed";
    else if (!item.file) [item.state, item.sent] = ["half", file.offset_bytes];
    item.pageCount = file.page_count ?? item.pageCount;
    for (const page of file.pages) notePage(item, page, page.sides);
    return item;
  }

  /** What reading found of a page that nobody had looked at before. */
  #foundPoor(dossier, page) {
    const item = dossier.items.find((other) => other.name === page.file);
    if (!item || item.poor.has(page.page_number)) return;
    const picture = `/v1/batches/${this.id}/pictures/${item.sha256}/${page.page_number}.webp`;
    notePage(item, { ...page, picture, verdict: page.quality.verdict }, sidesOf(page));
  }

  /** Take over one event of the service; returns the dossier it is about, or null for the whole batch. */
  happened(kind, event, seq) {
    const dossier = event.dossier_id === undefined ? null : this.dossier(event.dossier_id);
    if (kind !== "checked") this.problems = kind === "delayed" || kind === "failed" ? event.problems : [];
    if (kind === "started") this.state = "running";
    if (kind === "done" || kind === "failed") this.state = kind;
    if (kind === "checked" && !checked(dossier, event)) this.#unclaimed.push(event);
    if (!dossier) return null;
    if (seq <= dossier.seq) return dossier;
    dossier.seq = seq;
    if (kind === "pages") [dossier.pages, dossier.read] = [event.count ?? 0, event.held ?? 0];
    if (kind === "page") dossier.read = Math.min(dossier.pages, dossier.read + Math.max(event.count ?? 0, 1));
    if (kind === "assembled") {
      [dossier.papers, dossier.toReview] = [event.papers ?? 0, event.to_review ?? 0];
      [dossier.state, dossier.problems] = [event.state ?? null, event.problems ?? []];
      for (const page of event.poor_pages ?? []) this.#foundPoor(dossier, page);
    }
    return dossier;
  }
}

/** Returns false where the file is not known here. */
function checked(dossier, event) {
  const item = dossier?.items.find((other) => other.name === event.file && other.sha256 === event.sha256);
  if (!item) return false;
  item.pageCount = event.count ?? item.pageCount;
  const whole = event.problems?.find((problem) => problem.page_number === undefined);
  if (whole) item.problem = whole;
  for (const page of event.checked ?? []) {
    notePage(item, page, sidesOf(event.poor_pages?.find((other) => other.page_number === page.page_number)));
  }
  return true;
}

/** The sides at which a page is cut off. */
function sidesOf(poor) {
  const sides = (poor?.quality.reasons ?? []).map((reason) => reason.side).filter(Boolean);
  return [...new Set(sides)];
}

/** Keep what a page is good for. */
function notePage(item, page, sides) {
  item.checked.add(page.page_number);
  if (page.is_blank) item.blank.add(page.page_number);
  if (page.verdict === "accept") return;
  item.poor.set(page.page_number, { ...page, sides, kept: isKept(item, page.page_number) });
}

// What a clerk waved through stays so when the page is loaded again. Digests tell nobody anything.
const keptName = (item, number) => `sohoa-kept/${item.sha256}/${number}`;
const isKept = (item, number) => sessionStorage.getItem(keptName(item, number)) !== null;

export function keepPage(item, number) {
  item.poor.get(number).kept = true;
  sessionStorage.setItem(keptName(item, number), "1");
}
