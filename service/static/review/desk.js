// The steward's desk: one paper at a time, its picture beside its fields, every command of keyboard and mouse.

import { Card, CROP_HEIGHT_PX } from "./card.js";
import { Checker } from "./checking.js";
import { FieldClock } from "./clock.js";
import { drawCrop } from "./crop.js";
import { DraftKeeper, draftToGoOnWith, keptHere } from "./drafts.js";
import { element } from "./elements.js";
import { FieldList } from "./list.js";
import { Review, SUMMARY } from "./model.js";
import { Rereading } from "./rereading.js";
import { Settling } from "./settling.js";
import { Viewer } from "./viewer.js";

const SAVED_WORDS = {
  saved: "đã lưu nháp",
  sending: "đang lưu…",
  waiting: "mất mạng, giữ trên máy này",
  lost: "giữ trên máy này",
};

export class Desk {
  /**
   * @param {HTMLElement} root
   * @param {{pictures: object, leases: object, finish: object, banner: object, dialogs: object, onSkip: () => void}} parts
   */
  constructor(root, parts) {
    Object.assign(this, parts);
    this.root = root;
    this.clock = new FieldClock();
    this.card = new Card({
      onType: (text) => this.onType(text),
      onPick: (digit) => this.do("pick", digit),
      onBlank: () => this.do("blank"),
    });
    this.list = new FieldList(root.querySelector("#field-list"), { onField: (name) => this.goTo(name) });
    this.viewer = new Viewer(root.querySelector(".viewer"), parts.pictures, {
      onField: (name) => this.goTo(name),
      onTurn: () => this.showPlace(),
      onPage: () => this.mark(),
      onResize: () => this.showPlace(),
    });
    this.settling = new Settling(this);
    this.rereading = new Rereading(this);
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.do(button.dataset.do);
    });
  }

  /** Lay a paper on the desk. */
  lay(view, { isHeld }) {
    this.close();
    this.record = view.record_id;
    const isWork = isHeld && view.mode !== "read";
    // Settled by somebody, or waiting for others: not merely held by another at the moment.
    this.isDecided = view.mode === "read";
    const draft = isWork ? draftToGoOnWith(view, keptHere(view.record_id)) : null;
    this.review = new Review(isWork ? view : { ...view, mode: "read" }, draft);
    this.checker = new Checker(this.record);
    this.drafts = new DraftKeeper(this.record, this.leases.token, (state, error) => this.onSaved(state, error));
    this.clock.clear();
    this.settling.clear();
    this.list.open(this.review);
    this.viewer.open(view.pages);
    this.fetchAhead();
    this.finish.open(this);
    this.onSaved(null);
    this.root.querySelector('[data-do="reject"]').hidden = !isWork;
    this.show();
    // What another visit left unsent goes out now.
    if (isWork && keptHere(this.record)?.unsent) this.keep();
  }

  /** Fetch the pages that will be looked at, before they are. */
  fetchAhead() {
    const { doubtful, view } = this.review;
    const indexes = new Set(doubtful.map((name) => this.review.field(name).evidence?.index ?? 0));
    for (const index of indexes) this.pictures.get(view.pages[index].picture).catch(() => {});
  }

  close() {
    this.checker?.stop();
    this.drafts?.close();
    this.rereading.region.end();
  }

  touch() {
    this.clock.touch();
    this.leases.touch();
  }

  /** Show where the person is now. */
  show() {
    const { review, card } = this;
    const name = review.current;
    this.checker.stop();
    this.settling.asked = null;
    this.clock.turnTo(name === SUMMARY || review.isReadOnly ? null : name);
    const field = review.field(name);
    this.list.update(review, card);
    if (!field) card.root.remove();
    else if (review.hasInput(name)) card.open(field, this.cardState(name));
    else card.peek(field, review.view.mode);
    this.finish.update(this);
    this.list.reveal(name);
    this.showPlace();
    this.focus();
  }

  cardState(name) {
    const { review } = this;
    const at = review.doubtful.indexOf(name);
    return {
      entry: review.entries.get(name),
      typed: review.typed.get(name),
      proposals: review.proposals(name),
      mode: review.view.mode === "review" || !review.field(name).needs_person ? "review" : review.view.mode,
      place: at < 0 ? "trường đã nhận" : `trường ${at + 1}/${review.doubtful.length}`,
    };
  }

  /** Show how the fields stand; where the person is stays as it is. */
  refresh() {
    this.list.update(this.review, this.card);
    this.finish.update(this);
    this.mark();
  }

  /** Bring the place of the current field into view, on the page and in the card. */
  async showPlace() {
    const { review } = this;
    const name = review.current;
    const evidence = review.field(name)?.evidence;
    if (evidence) {
      this.viewer.show(evidence.index);
      this.viewer.bring(evidence.box);
    }
    this.mark();
    const page = evidence && review.view.pages[evidence.index];
    if (!page?.width) return;
    try {
      const image = await this.pictures.get(page.picture);
      if (this.review !== review || review.current !== name) return;
      this.card.draw(image, page, evidence.box, this.viewer.turns.get(evidence.index) ?? 0);
      this.list.reveal(name);
    } catch {
      // The picture itself says that it could not be had.
    }
  }

  /** Return the enlarged piece of the page where a field stands, drawn once the picture has come; null where unknown. */
  cropOf(name) {
    const { label, evidence } = this.review.field(name) ?? {};
    const page = evidence && this.review.view.pages[evidence.index];
    if (!page?.width) return null;
    const canvas = element("canvas", { class: "crop", role: "img", "aria-label": `Ảnh phóng to: ${label}`, hidden: true });
    const turn = this.viewer.turns.get(evidence.index) ?? 0;
    this.pictures.get(page.picture).then(
      (image) => {
        canvas.hidden = false;
        drawCrop(canvas, image, page, evidence.box, turn, { width: canvas.parentNode.clientWidth - 30, height: CROP_HEIGHT_PX / 2 });
      },
      () => {},
    );
    return canvas;
  }

  mark() {
    const { review, viewer } = this;
    const boxes = review.view.fields
      .filter((field) => field.evidence?.index === viewer.index)
      .map((field) => ({ name: field.name, box: field.evidence.box, kind: this.kindOf(field) }));
    viewer.mark(boxes, review.current);
  }

  kindOf(field) {
    if (this.review.entries.has(field.name)) return "settled";
    return field.needs_person ? "waiting" : "accepted";
  }

  focus() {
    const { review, card } = this;
    if (review.current === SUMMARY) this.finish.focus();
    else if (review.hasInput(review.current)) card.focus();
    else this.list.line(review.current)?.focus({ preventScroll: true });
  }

  /** Leave the current field for another: what is typed there stays. */
  goTo(name) {
    this.keepTyped();
    this.review.go(name);
    this.show();
  }

  keepTyped() {
    const { review, card } = this;
    const name = review.current;
    if (!review.hasInput(name) || !card.input) return;
    if (card.isEdited && !card.isBlank) review.typed.set(name, card.text);
    else review.typed.delete(name);
    this.keep({ send: false });
  }

  keep(options) {
    if (!this.review.isReadOnly) this.drafts.keep(this.review.draft, Object.fromEntries(this.review.typed), options);
  }

  onSaved(state, error) {
    this.finish.saved(state ? SAVED_WORDS[state] : "", state);
    if (state === "lost") this.banner.lost(error.problem);
  }

  /** Follow what is typed: keep it, and ask what it means. */
  onType(text) {
    this.settling.asked = null;
    const field = this.review.field(this.review.current);
    this.keepTyped();
    if (!text.trim() || text === this.card.begun) this.checker.stop();
    else this.checker.soon(field.name, text.trim(), (answer) => this.card.showAnswer(answer));
  }

  /** Carry out a command; false where it does nothing here. */
  do(command, digit) {
    const { region } = this.rereading;
    if (region.isActive && /^(?:shift|resize)-|^(?:read|cancel)$/.test(command)) return region.do(command);
    const own = this.commands[command];
    return own ? own.call(this, digit) : this.viewer.do(command);
  }

  commands = {
    confirm: () => void this.settling.confirm(),
    "go-on": () => this.goTo(this.review.isReadOnly ? SUMMARY : this.review.after(this.review.current)),
    next: () => this.step(1, this.review.isReadOnly ? this.review.names : this.review.inputs),
    previous: () => this.step(-1, this.review.isReadOnly ? this.review.names : this.review.inputs),
    down: () => this.step(1, this.review.names),
    up: () => this.step(-1, this.review.names),
    pick: (digit) => this.settling.pick(digit),
    blank: () => this.card.input && this.card.putBlank(),
    restore: () => this.card.restore(),
    back: () => {
      this.keepTyped();
      if (this.review.back()) this.show();
    },
    edit: () => this.edit(),
    undo: () => this.settling.undo(),
    approve: () => void this.settling.approve(),
    region: () => this.rereading.start(),
    switch: () => (document.activeElement === this.viewer.stage ? this.focus() : this.viewer.stage.focus()),
    fields: () => this.focus(),
    help: () => this.dialogs.showKeys(),
    reject: () => this.finish.reject(this),
    split: () => location.assign(`/dossiers/${this.review.view.dossier.segment}?record=${this.record}`),
    skip: () => this.onSkip(),
  };

  step(by, among) {
    const { review } = this;
    const other = review.neighbour(review.current, by, among);
    if (other) return this.goTo(other);
    // Past the last field that waits lies the summary; elsewhere the key leaves the list.
    if (by > 0 && review.current !== SUMMARY && review.waiting.length === 0) return this.goTo(SUMMARY);
    return false;
  }

  edit() {
    const { review } = this;
    if (review.isReadOnly) return false;
    if (review.hasInput(review.current)) this.card.edit();
    else if (review.mayOpen && review.current !== SUMMARY) {
      review.open(review.current);
      this.show();
    }
    return true;
  }

  heard(words) {
    this.root.querySelector("#heard").textContent = words;
  }
}
