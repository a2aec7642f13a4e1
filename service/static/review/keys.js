// Which command a key stands for, by where the person is. No DOM: an event's own properties and a description of the place.

/**
 * @typedef {object} Place
 * @property {"field"|"row"|"summary"|"viewer"|"region"|"elsewhere"} at where the focus is: the input of the open field,
 *   the row of a field that is only looked at, the summary, the picture, a frame being laid, a button or link
 * @property {boolean} typing the value is being edited: what is typed is text
 * @property {boolean} digitsPick no value of this kind begins with a digit: a digit alone picks at once
 * @property {boolean} multiline the value may have several lines
 * @property {number} proposals how many proposals there are
 */

/** True while an input method composes a letter (Telex, VNI): no key of ours means anything then. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Return the command of a key, or null where the key is not ours; `pick` carries the digit in `digit`.
 * @param {KeyboardEvent} event
 * @param {Place} place
 * @returns {{name: string, digit?: number}|null}
 */
export function commandOf(event, place) {
  if (isComposing(event) || event.metaKey) return null;
  const found = ofAnywhere(event, place) ?? BY_PLACE[place.at]?.(event, place);
  if (!found) return null;
  return typeof found === "string" ? { name: found } : found;
}

function ofAnywhere(event, place) {
  const { key, ctrlKey, altKey, shiftKey } = event;
  if (ctrlKey && !altKey) {
    if (key === "Enter") return "approve";
    if (key.toLowerCase() === "z" && !shiftKey && !place.typing) return "undo";
    return null;
  }
  if (altKey && !ctrlKey) return withAlt(event, place);
  if (ctrlKey || altKey) return null;
  // A single sign counts only where the focus is in the desk: elsewhere it may be somebody's speech input.
  if (key === "F1" || (key === "?" && !place.typing && place.at !== "elsewhere")) return "help";
  if (key === "F6") return "switch";
  return null;
}

function withAlt(event, place) {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code ?? "")?.[1];
  if (digit !== undefined && place.at === "field") return picked(Number(digit), place);
  const key = event.key.toLowerCase();
  return { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", r: "region", x: "turn", l: "reject", s: "split" }[key] ?? null;
}

function picked(digit, place) {
  if (digit === 0) return "blank";
  return digit <= place.proposals ? { name: "pick", digit } : null;
}

const PAGES = { PageUp: "page-before", PageDown: "page-after" };
const MOVES = { ArrowUp: "up", ArrowDown: "down" };

const BY_PLACE = {
  field(event, place) {
    const { key, shiftKey } = event;
    if (key === "Enter") return shiftKey && place.multiline ? null : "confirm";
    if (key === "Tab") return shiftKey ? "previous" : "next";
    if (key === "Escape") return place.typing ? "restore" : "back";
    if (key === "F2") return "edit";
    if (PAGES[key] && !place.multiline) return PAGES[key];
    if (MOVES[key] && !shiftKey && !(place.multiline && place.typing)) return MOVES[key];
    if (!place.typing && place.digitsPick && /^[0-9]$/.test(key)) return picked(Number(key), place);
    return null;
  },
  row({ key, shiftKey }) {
    if (key === "Enter") return "go-on";
    if (key === "Tab") return shiftKey ? "previous" : "next";
    return { Escape: "back", F2: "edit" }[key] ?? MOVES[key] ?? PAGES[key] ?? null;
  },
  summary({ key }) {
    return { Escape: "back" }[key] ?? (key === "ArrowUp" ? "up" : null);
  },
  viewer({ key, shiftKey }) {
    if (key === "Tab") return null;
    const plain = {
      "+": "zoom-in",
      "=": "zoom-in",
      "-": "zoom-out",
      0: "fit",
      r: "region",
      R: "region",
      x: "turn",
      X: "turn",
      Enter: "fields",
      Escape: "fields",
      ArrowLeft: "move-left",
      ArrowRight: "move-right",
      ArrowUp: "move-up",
      ArrowDown: "move-down",
    };
    return shiftKey && key.startsWith("Arrow") ? null : (plain[key] ?? PAGES[key] ?? null);
  },
  region({ key, shiftKey }) {
    if (key.startsWith("Arrow")) return `${shiftKey ? "resize" : "shift"}-${key.slice(5).toLowerCase()}`;
    return { Enter: "read", Escape: "cancel" }[key] ?? null;
  },
};
