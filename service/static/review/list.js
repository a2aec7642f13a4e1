// The list of all fields: one line each, the current one opened.

import { element } from "./elements.js";
import { listed } from "./value.js";

const MARKS = {
  waiting: ["●", "cần xem"],
  typed: ["✎", "đang gõ dở"],
  settled: ["✓", "đã xem"],
  accepted: ["·", "đã nhận"],
  missing: ["·", "không có"],
};

export class FieldList {
  /**
   * @param {HTMLOListElement} root
   * @param {{onField: (name: string) => void}} hooks
   */
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.rows = new Map();
  }

  /** List the fields of another paper. */
  open(review) {
    this.rows = new Map(review.view.fields.map((field) => [field.name, this.row(field)]));
    this.root.replaceChildren(...this.rows.values());
  }

  row(field) {
    return element(
      "li",
      { "data-name": field.name },
      element(
        "button",
        { type: "button", class: "field-line", tabindex: -1, click: () => this.hooks.onField(field.name) },
        element("span", { class: "mark", "aria-hidden": "true" }),
        element("span", { class: "label", text: field.label }),
        element("span", { class: "value" }),
        element("span", { class: "seen-by-readers state" }),
      ),
    );
  }

  /** Show where every field stands; the card is laid into the current one. */
  update(review, card) {
    for (const [name, row] of this.rows) {
      const field = review.field(name);
      const entry = review.entries.get(name);
      const state = stateOf(review, name);
      const [mark, words] = MARKS[state];
      row.className = `field ${state}${name === review.current ? " current" : ""}`;
      row.querySelector(".mark").textContent = mark;
      row.querySelector(".value").textContent = (review.typed.get(name) ?? listed(field, entry)) || "—";
      row.querySelector(".state").textContent = words;
      const line = row.querySelector(".field-line");
      const isCurrent = name === review.current;
      line.hidden = isCurrent && review.hasInput(name);
      line.tabIndex = isCurrent ? 0 : -1;
      if (isCurrent && card.root.parentNode !== row) row.append(card.root);
    }
  }

  line(name) {
    return this.rows.get(name)?.querySelector(".field-line");
  }

  /** Bring a field into view, with the line after it. */
  reveal(name) {
    const row = this.rows.get(name);
    if (!row) return;
    const box = this.root.parentNode;
    const top = row.offsetTop;
    const bottom = top + row.offsetHeight + 34;
    if (top < box.scrollTop + 34) box.scrollTop = Math.max(0, top - 34);
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = Math.min(top - 34, bottom - box.clientHeight);
  }
}

/** Return how a field stands. */
export function stateOf(review, name) {
  const field = review.field(name);
  if (review.entries.has(name)) return "settled";
  if (review.typed.has(name)) return "typed";
  // Also where it is only looked at: what waits for somebody is not accepted, and not missing.
  if (field.needs_person) return "waiting";
  return field.shown || field.accepted ? "accepted" : "missing";
}
