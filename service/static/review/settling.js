// Settling fields: confirming, picking a proposal, taking back, and checking without making anybody wait.

import { say } from "../common.js";
import { BLANK_WORDS, digitsPick, entryOf, listed, loneDigit } from "./value.js";

export class Settling {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.clear();
  }

  /** Another paper is laid on the desk. */
  clear() {
    this.checks = new Set();
    this.confirming = false;
    // The text that the person was asked about: a digit that is a value and names a proposal too.
    this.asked = null;
  }

  /** Put a proposal into the input; Enter settles it. */
  pick(digit) {
    const { card, review } = this.desk;
    const proposal = card.input && review.proposals(review.current)[digit - 1];
    if (!proposal) return false;
    if (proposal.value === null && !proposal.shown) card.putBlank();
    else {
      card.put(proposal.shown || proposal.text);
      this.desk.onType(card.text);
    }
    return true;
  }

  /** Settle the field that is open and go on to the next that waits; false where the person has to say more. */
  async confirm() {
    const { review } = this.desk;
    const field = review.field(review.current);
    if (this.confirming) return false;
    this.confirming = true;
    const entry = await this.meant(field).finally(() => (this.confirming = false));
    if (!entry || this.desk.review !== review || review.current !== field.name) return false;
    const isUntouched = !field.needs_person && entry.action === "confirm" && !review.entries.has(field.name);
    // An accepted field that was opened and left as it was stays the machine's.
    if (isUntouched) review.opened.delete(field.name);
    else if (this.isRefused(field, entry)) return false;
    else this.settle(field, entry);
    review.typed.delete(field.name);
    review.go(review.after(field.name));
    this.desk.show();
    return true;
  }

  /** Return what the text in the input means, null where the person has to say more. */
  async meant(field) {
    const { card, checker } = this.desk;
    if (card.isBlank) return { action: "blank", value: null };
    const digit = card.isTyping && !digitsPick(field) ? loneDigit(card.proposals, card.text) : null;
    if (digit === 0) return { action: "blank", value: null };
    if (digit !== null && this.asked !== card.text) {
      const answer = await checker.of(field.name, card.text.trim());
      if (answer !== null && !answer.problem) return this.askWhich(digit);
      // A single digit is no value of this kind: it can only mean the proposal.
      this.pick(digit);
      if (card.isBlank) return { action: "blank", value: null };
    }
    const entry = entryOf(field, card.text);
    if (!entry) card.refuse(`chưa có giá trị: gõ như trên giấy, hoặc bấm 0 nếu ${BLANK_WORDS}`);
    return entry;
  }

  askWhich(digit) {
    const { card } = this.desk;
    this.asked = card.text;
    const other = card.proposals[digit - 1].shown;
    card.say(`Giấy ghi đúng “${digit}”: Enter lần nữa. Muốn chọn đề xuất “${other}”: Alt + ${digit}.`, "warn");
    return null;
  }

  /** True where the value was refused already; what was not asked yet is asked, and nobody waits for the answer. */
  isRefused(field, entry) {
    if (entry.action !== "set") return false;
    const answer = this.desk.checker.answered(field.name, entry.value);
    if (answer?.problem) this.desk.card.refuse(answer.problem);
    else if (!answer) this.checkLater(field, entry);
    return Boolean(answer?.problem);
  }

  settle(field, entry) {
    const { clock, review, viewer } = this.desk;
    const page = Math.max(0, viewer.index);
    review.settle(field.name, { ...entry, seconds: clock.seconds(field.name), page });
    this.desk.keep();
    const rest = review.waiting.length;
    const standing = rest ? `Còn ${rest} trường cần xem.` : "Đã xem hết, Enter để duyệt.";
    this.desk.heard(`${field.label}: ${listed(field, entry)}. ${standing}`);
  }

  /** Where the check refuses the value after all, the field waits again and says why. */
  checkLater(field, entry) {
    const { review, checker } = this.desk;
    const asked = checker.of(field.name, entry.value).then((answer) => {
      this.checks.delete(asked);
      if (!answer?.problem || this.desk.review !== review || review.entries.get(field.name)?.value !== entry.value) return;
      review.unsettle(field.name, entry.value);
      this.desk.keep();
      this.sendBack(field, answer.problem);
    });
    this.checks.add(asked);
  }

  /** Return to a field whose value is refused; while another is being typed, it waits its turn. */
  sendBack(field, words) {
    const { card, review } = this.desk;
    this.desk.heard(`${field.label}: ${words}.`);
    if (card.input && card.isTyping && review.current !== field.name) {
      this.desk.refresh();
      say(`${field.label}: ${words}.`, "error");
      return;
    }
    this.desk.goTo(field.name);
    card.refuse(words);
  }

  undo() {
    const { review } = this.desk;
    this.desk.keepTyped();
    const name = review.undo();
    if (name === null) return say("Không còn gì để hoàn tác.");
    review.typed.delete(name);
    this.desk.keep();
    this.desk.show();
    return this.desk.heard(`Đã hoàn tác: ${review.field(name).label}.`);
  }

  /** Settle what is open and sign the paper off; where fields still wait, lead to the first. */
  async approve() {
    const { review, card } = this.desk;
    if (review.isReadOnly) return;
    const name = review.current;
    const isOpen = review.hasInput(name) && (card.isEdited || card.isBlank || !review.entries.has(name));
    if (isOpen && !(await this.confirm())) return;
    await Promise.all(this.checks);
    if (this.desk.review !== review) return;
    if (review.waiting.length) {
      if (!review.waiting.includes(review.current)) this.desk.goTo(review.waiting[0]);
      say(`Còn ${review.waiting.length} trường cần xem trước khi duyệt.`, "warn");
      return;
    }
    await this.desk.finish.approve(this.desk);
  }
}
