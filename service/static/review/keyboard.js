// Keys of the page: told where the focus is, each becomes a command.

import { commandOf } from "./keys.js";
import { SUMMARY } from "./model.js";
import { digitsPick } from "./value.js";

export class Keyboard {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    this.desk.touch();
    if (event.defaultPrevented || !this.desk.review || document.querySelector("dialog[open]")) return;
    const command = commandOf(event, this.place());
    // A command that does nothing here leaves the key to the browser: Tab leaves the list at its ends.
    if (command && this.desk.do(command.name, command.digit) !== false) event.preventDefault();
  }

  place() {
    const { card, review, viewer, finish } = this.desk;
    const focus = document.activeElement;
    const isLost = !focus || focus === document.body || focus.id === "main";
    let at = "elsewhere";
    if (this.desk.rereading.region.isActive) at = "region";
    else if (focus === viewer.stage) at = "viewer";
    else if (review.hasInput(review.current) && (focus === card.input || isLost)) at = "field";
    else if (focus?.classList.contains("field-line") || (isLost && review.current !== SUMMARY)) at = "row";
    else if (finish.root.contains(focus)) at = "summary";
    if (isLost && at === "field") this.desk.focus();
    const field = review.field(review.current);
    return {
      at,
      typing: focus?.matches("input, textarea, select") && !(focus === card.input && !card.isTyping),
      digitsPick: Boolean(field && digitsPick(field)),
      multiline: Boolean(field?.multiline),
      proposals: field ? review.proposals(field.name).length : 0,
    };
  }
}
