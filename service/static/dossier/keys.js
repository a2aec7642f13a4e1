// Which command a key of the strip stands for. Letters count only while the strip has the focus. No DOM.

import { isComposing } from "../review/keys.js";

const PLAIN = {
  ArrowLeft: "before",
  ArrowRight: "after",
  ArrowUp: "paper-before",
  ArrowDown: "paper-after",
  Home: "first",
  End: "last",
  c: "cut",
  m: "merge",
  "[": "move-back",
  "]": "move-on",
  b: "blank",
  t: "type",
  y: "yes",
  n: "no",
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  0: "fit",
  x: "turn",
  Enter: "open",
  "?": "help",
};

/** Return the command of a key, null where the key is not ours. */
export function commandOf(event, isInStrip) {
  if (isComposing(event) || event.metaKey || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey) return { Enter: "save", z: "undo" }[key] ?? null;
  if (key === "F1") return "help";
  if (!isInStrip) return null;
  if (event.shiftKey && key.startsWith("Arrow"))
    return { ArrowLeft: "shift-back", ArrowRight: "shift-on" }[key] ?? null;
  return PLAIN[key] ?? null;
}
