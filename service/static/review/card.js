// The open field: the enlarged piece of its page, why it waits, the input, what the machine understands, proposals.

import { drawCrop } from "./crop.js";
import { pieces } from "./difference.js";
import { element } from "./elements.js";
import { presented, worthShowing } from "./value.js";
import { doubtSentence, readerName, understood } from "./words.js";

export const CROP_HEIGHT_PX = 112;

export class Card {
  /** @param {{onType: (text: string) => void, onPick: (digit: number) => void, onBlank: () => void}} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.root = element("div", { class: "open-field" });
  }

  /**
   * Show a field with its input.
   * @param {object} field
   * @param {{entry?: object, typed?: string, proposals: object[], mode: string, place: string}} state
   */
  open(field, state) {
    this.field = field;
    this.proposals = state.proposals;
    this.begun = presented(field, state.entry);
    this.editing = false;
    this.isBlank = state.entry?.action === "blank";
    this.canvas = element("canvas", { class: "crop", role: "img", "aria-label": `Ảnh phóng to: ${field.label}`, hidden: true });
    this.input = element(field.multiline ? "textarea" : "input", {
      id: "value",
      name: "value",
      "aria-describedby": "doubt understood",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      lang: "vi",
      rows: field.multiline ? 2 : null,
      placeholder: field.hint,
      input: () => this.onInput(),
      mousedown: () => (this.editing = true),
    });
    this.input.value = state.typed ?? this.begun;
    this.editing = state.typed !== undefined && state.typed !== this.begun;
    this.note = element("p", { class: "understood", id: "understood", "aria-live": "polite" });
    this.list = element("ul", { class: "proposals", "aria-label": "Đề xuất" });
    this.blank = element(
      "button",
      { type: "button", tabindex: -1, class: "blank", click: () => this.hooks.onBlank() },
      element("kbd", { text: "0" }),
      element("span", { text: "giấy không ghi" }),
    );
    const doubt = doubtSentence(field, state.mode);
    this.root.replaceChildren(
      element(
        "p",
        { class: "open-head" },
        element("label", { for: "value", text: field.label }),
        field.required ? element("span", { class: "required", text: "bắt buộc" }) : null,
        element("span", { class: "quiet place", text: state.place }),
      ),
      this.canvas,
      element("p", { class: `doubt${field.needs_person ? "" : " settled"}`, id: "doubt", text: doubt }),
      this.input,
      element("div", { class: "under-input" }, this.note, this.blank),
      this.list,
    );
    this.drawProposals();
    this.sayHint();
    this.fitHeight();
  }

  /** Show a field that is only looked at: the piece of its page and what supports it. */
  peek(field, mode) {
    this.field = field;
    this.input = null;
    this.canvas = element("canvas", { class: "crop", role: "img", "aria-label": `Ảnh phóng to: ${field.label}`, hidden: true });
    const words = [doubtSentence(field, mode), mode === "review" ? "F2 để sửa." : ""];
    this.root.replaceChildren(
      this.canvas,
      element("p", {
        class: `doubt${field.needs_person ? "" : " settled"}`,
        id: "doubt",
        text: words.filter(Boolean).join(" "),
      }),
    );
  }

  /** Show the piece of the page; without one (no box known) there is none. */
  draw(image, page, box, turn) {
    this.canvas.hidden = false;
    const room = { width: this.root.clientWidth - 2, height: CROP_HEIGHT_PX };
    drawCrop(this.canvas, image, page, box, turn, room);
  }

  get text() {
    return this.input.value;
  }

  get isEdited() {
    return this.text !== this.begun;
  }

  /** True while what is typed is text: an edited value, or one with the caret in it. */
  get isTyping() {
    return this.editing;
  }

  focus() {
    this.input.focus({ preventScroll: true });
    if (this.editing) this.input.setSelectionRange(this.text.length, this.text.length);
    else this.input.select();
  }

  /** Put the caret behind the value, to change a letter of it. */
  edit() {
    this.editing = true;
    this.focus();
  }

  restore() {
    this.put(this.begun);
    this.isBlank = false;
    this.clear();
    this.hooks.onType(this.text);
  }

  /** Put a text into the input; another digit, or Enter, may follow at once. */
  put(text) {
    this.input.value = text;
    this.editing = false;
    this.isBlank = false;
    this.input.select();
    this.drawProposals();
    this.fitHeight();
  }

  onInput() {
    this.editing = true;
    this.isBlank = false;
    this.clear();
    this.drawProposals();
    this.fitHeight();
    this.hooks.onType(this.text);
  }

  /** Say that the paper carries no value: settled by Enter, like a proposal. */
  putBlank() {
    this.put("");
    this.isBlank = true;
    this.clear();
    this.say("Giấy không ghi. Enter để xác nhận.", "good");
    this.drawProposals();
  }

  sayHint() {
    if (this.isBlank) this.say("Đã ghi: giấy không ghi.", "good");
    else if (!this.text) this.say("Chưa có giá trị. Gõ như trên giấy; giấy không ghi thì bấm 0.", "");
    else if (!this.isEdited && this.field.value !== null && this.text === this.field.shown) this.showAnswer(this.field);
    else this.say("", "");
  }

  /** Show what the machine understands of the text, or why it is refused. */
  showAnswer(answer) {
    if (answer === null) this.say("Chưa kiểm tra được: mất liên lạc với máy chủ.", "warn");
    else if (answer.problem) this.refuse(answer.problem);
    else {
      const words = understood(this.field, this.text, answer);
      this.clear();
      this.say(words && `Hiểu là: ${words}`, "good");
    }
  }

  refuse(words) {
    this.input.setAttribute("aria-invalid", "true");
    this.say(words[0].toUpperCase() + words.slice(1), "bad");
  }

  clear() {
    this.input.removeAttribute("aria-invalid");
    this.say("", "");
  }

  say(words, kind) {
    this.note.className = `understood ${kind}`;
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  setProposals(proposals) {
    this.proposals = proposals;
    this.drawProposals();
  }

  drawProposals() {
    const shows = worthShowing(this.proposals, this.begun);
    const items = shows ? this.proposals.map((proposal, at) => this.proposalItem(proposal, at)) : [];
    this.list.replaceChildren(...items);
    this.blank.setAttribute("aria-pressed", String(this.isBlank));
  }

  proposalItem(proposal, at) {
    const others = this.proposals.filter((_, other) => other !== at);
    const text = proposal.shown || proposal.text;
    const other = others.length ? others[0].shown || others[0].text : text;
    const chosen = !this.isBlank && this.text === proposal.shown && proposal.shown !== "";
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", tabindex: -1, class: "proposal", "aria-pressed": String(chosen), click: () => this.hooks.onPick(at + 1) },
        element("kbd", { text: at + 1 }),
        element(
          "span",
          { class: "proposed" },
          ...pieces(text, other).map((piece) => element(piece.same ? "span" : "mark", { text: piece.text })),
        ),
        element("span", { class: "quiet reader", title: proposal.reader, text: readerName(proposal.reader) }),
      ),
    );
  }

  fitHeight() {
    if (!this.field.multiline) return;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(120, this.input.scrollHeight + 2)}px`;
  }
}
