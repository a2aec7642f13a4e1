// Values as people see and type them, and what a typed text means for a field. No DOM.

// Kinds whose values never begin with a digit: a digit alone picks a proposal at once. In the others it is typed, and
// picks when Enter follows it.
const WORD_KINDS = new Set([
  "code_notation",
  "date_in_words",
  "ethnicity",
  "holder_name",
  "license_class",
  "nationality",
  "organ",
  "person_name",
  "place",
  "sex",
  "signer_name",
  "signer_title",
]);

export const BLANK_WORDS = "giấy không ghi";

export function digitsPick(field) {
  return WORD_KINDS.has(field.kind);
}

/** Return what the input of a field begins with: what the person settled, or the machine's value, or what is printed. */
export function presented(field, entry) {
  if (entry?.action === "blank") return "";
  if (entry?.action === "set") return Array.isArray(entry.value) ? entry.value.join("\n") : (entry.value ?? "");
  return field.shown || (field.raw ?? "");
}

/** Return how a field reads in the list of fields. */
export function listed(field, entry) {
  if (entry?.action === "blank") return BLANK_WORDS;
  const text = presented(field, entry).replaceAll("\n", ", ");
  if (text) return text;
  return field.accepted ? BLANK_WORDS : "";
}

/**
 * Return what a text in the input of a field means: `confirm` the value as it is, `set` another, null for nothing at all.
 * That the paper carries no value is said with a key of its own, never with an empty input.
 */
export function entryOf(field, text) {
  const clean = text.normalize("NFC").trim();
  if (!clean) return null;
  if (field.value !== null && clean === field.shown.trim()) return { action: "confirm", value: null };
  return { action: "set", value: clean };
}

/** Return the digit where a text is a single one that names a proposal (or 0: the paper carries none), else null. */
export function loneDigit(proposals, text) {
  const clean = text.trim();
  if (!/^[0-9]$/.test(clean)) return null;
  return Number(clean) <= proposals.length ? Number(clean) : null;
}

/** Return whether a proposal adds anything to what stands in the input already. */
export function worthShowing(proposals, text) {
  return proposals.length > 1 || proposals.some((proposal) => proposal.shown !== text);
}
