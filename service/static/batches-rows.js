// The dossiers and their files, as rows that change in place: nothing jumps, and thousands stay light.

import { More } from "./batches-more.js";
import { dayWords, dossierWords, isHeld, isUnusable, itemWords, problemWords, sizeWords } from "./batches-words.js";

const FILES_SHOWN_AT_ONCE = 12;
// From so many files on, those out of sight are not drawn.
const LONG = 40;
// So many dossiers, and files of one of them, are shown at a time.
const AT_A_TIME = 100;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Set a property where it changes: what stays the same costs no layout. */
function put(target, name, value) {
  if (target[name] !== value) target[name] = value;
}

export class Rows {
  #list;
  #acts;
  #rows = new Map();
  #next = 0;
  #more;
  #all = { dossiers: [], files: 0 };

  /**
   * @param {HTMLElement} list
   * @param {{rename: Function, removeDossier: Function, removeItem: Function, choose: Function, mayChange: Function, batchState: Function}} acts
   */
  constructor(list, acts) {
    this.#list = list;
    this.#acts = acts;
    this.#more = new More(list, AT_A_TIME, "hồ sơ", () => {
      this.arrange(this.#all.dossiers, this.#all.files);
      for (const dossier of this.#rows.keys()) this.update(dossier);
    });
    list.after(this.#more.place);
  }

  /** Show dossiers in this order, the first of them; those that are gone go. */
  arrange(dossiers, files) {
    this.#all = { dossiers, files };
    const shown = this.#more.of(dossiers);
    const isShown = new Set(shown);
    for (const [dossier, row] of this.#rows) {
      if (isShown.has(dossier)) continue;
      row.place.remove();
      this.#rows.delete(dossier);
    }
    shown.forEach((dossier, position) => {
      const row = this.#rows.get(dossier) ?? this.#make(dossier, files <= FILES_SHOWN_AT_ONCE);
      const there = this.#list.children[position];
      if (there !== row.place) this.#list.insertBefore(row.place, there ?? null);
    });
  }

  /** Show how one dossier stands now. */
  update(dossier) {
    const row = this.#rows.get(dossier);
    if (!row) return;
    const [words, look] = dossierWords(dossier, this.#acts.batchState());
    const bytes = dossier.items.reduce((sum, item) => sum + item.size, 0);
    put(row.name, "textContent", dossier.name);
    put(row.count, "textContent", `${dossier.items.length} tệp · ${sizeWords(bytes)}`);
    put(row.state, "textContent", words);
    put(row.state, "className", words ? `badge ${look}` : "");
    const mayChange = this.#acts.mayChange();
    put(row.rename, "hidden", !mayChange);
    put(row.remove, "hidden", !mayChange);
    for (const problem of dossier.problems) this.#note(row, problem);
    this.#files(dossier, row, mayChange);
  }

  #note(row, problem) {
    const words = problemWords(problem);
    if (!Array.from(row.problems.children).some((line) => line.textContent === words)) {
      row.problems.append(element("li", { textContent: words }));
    }
    row.problems.hidden = false;
  }

  #make(dossier, isOpen) {
    const id = `dossier-${this.#next++}`;
    const name = element("span", { className: "name", textContent: dossier.name });
    const fold = element("button", { type: "button", className: "fold" }, name);
    fold.setAttribute("aria-controls", id);
    const count = element("span", { className: "count" });
    const state = element("span");
    const rename = element("button", { type: "button", className: "plain", textContent: "Đổi tên" });
    const remove = element("button", { type: "button", className: "plain", textContent: "Bỏ" });
    const hidden = element("span", { className: "seen-by-readers", textContent: ` hồ sơ ${dossier.name}` });
    rename.append(hidden);
    remove.append(hidden.cloneNode(true));
    const line = element("div", { className: "line" }, fold, count, state, rename, remove);
    const problems = element("ul", { className: "problems", hidden: true });
    const files = element("ul", { className: "files", id });
    const more = new More(files, AT_A_TIME, "tệp", () => this.#files(dossier, row, this.#acts.mayChange()));
    const place = element("li", { className: "dossier" }, line, problems, files, more.place);
    const row = { place, line, fold, name, count, state, rename, remove, problems, files, more, items: new Map() };
    this.#rows.set(dossier, row);
    const open = (shown) => {
      fold.setAttribute("aria-expanded", String(shown));
      files.hidden = !shown;
      if (!shown) more.place.hidden = true;
      this.#files(dossier, row, this.#acts.mayChange());
    };
    fold.addEventListener("click", () => open(files.hidden));
    rename.addEventListener("click", () => this.#askName(dossier, row));
    remove.addEventListener("click", () => this.#acts.removeDossier(dossier));
    line.addEventListener("keydown", (event) => {
      if (event.key === "F2" && !rename.hidden) this.#askName(dossier, row);
    });
    open(isOpen);
    return row;
  }

  #askName(dossier, row) {
    const input = element("input", { value: dossier.name, maxLength: 200, autocomplete: "off" });
    input.setAttribute("aria-label", `Tên mới của hồ sơ ${dossier.name}`);
    let isOver = false;
    const finish = async (isMeant) => {
      if (isOver) return;
      isOver = true;
      const name = input.value.trim().normalize("NFC");
      input.replaceWith(row.fold);
      row.fold.focus();
      if (isMeant && name && name !== dossier.name) await this.#acts.rename(dossier, name);
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        finish(event.key === "Enter");
      }
      event.stopPropagation();
    });
    input.addEventListener("blur", () => finish(true));
    row.fold.replaceWith(input);
    input.select();
  }

  #files(dossier, row, mayChange) {
    // Files of a closed dossier are made when somebody looks.
    if (row.files.hidden) return;
    const shown = row.more.of(dossier.items);
    row.files.classList.toggle("long", shown.length > LONG);
    for (const [item, line] of row.items) {
      if (shown.includes(item)) continue;
      line.place.remove();
      row.items.delete(item);
    }
    shown.forEach((item, position) => {
      const line = row.items.get(item) ?? this.#makeFile(item, row);
      const there = row.files.children[position];
      if (there !== line.place) row.files.insertBefore(line.place, there ?? null);
      put(line.size, "textContent", sizeWords(item.size));
      put(line.state, "textContent", itemWords(item, this.#acts.batchState()));
      put(line.state, "className", isUnusable(item) ? "state bad" : "state");
      put(line.note, "textContent", noteWords(item));
      put(line.bar, "hidden", !["sending", "waiting", "paused", "half"].includes(item.state));
      if (!line.bar.hidden) put(line.bar, "value", item.size ? item.sent / item.size : 0);
      put(line.remove, "hidden", !mayChange);
      put(line.choice, "hidden", !isHeld(item));
      if (!line.choice.hidden) put(line.choice, "value", item.choice);
    });
  }

  #makeFile(item, row) {
    const name = element("span", { className: "name", textContent: item.name });
    const size = element("span", { className: "count" });
    const state = element("span", { className: "state" });
    const bar = element("progress", { max: 1, value: 0, hidden: true });
    bar.setAttribute("aria-label", `Đã gửi ${item.name}`);
    const choice = element(
      "select",
      { hidden: true },
      element("option", { value: "attach", textContent: "Dùng bản trong kho, không gửi lại" }),
      element("option", { value: "leave", textContent: "Bỏ khỏi đợt này" }),
    );
    choice.setAttribute("aria-label", `Tệp ${item.name} đã có trong kho`);
    choice.addEventListener("change", () => this.#acts.choose(item, choice.value));
    const remove = element("button", { type: "button", className: "plain", textContent: "Bỏ" });
    remove.append(element("span", { className: "seen-by-readers", textContent: ` tệp ${item.name}` }));
    remove.addEventListener("click", () => this.#acts.removeItem(item));
    const note = element("span", { className: "note" });
    const place = element("li", {}, name, size, state, remove, bar, choice, note);
    const line = { place, size, state, bar, choice, remove, note };
    row.items.set(item, line);
    return line;
  }
}

function noteWords(item) {
  if (item.problem) return item.problem.action ?? "";
  if (isHeld(item)) {
    const [first] = item.known;
    return `Đã có trong kho từ ${dayWords(first.created_at)}, hồ sơ ${first.dossier_id}: không cần gửi lại.`;
  }
  return item.inside ?? "";
}
