// How the pages of a dossier belong together, and every change a person makes to it. No DOM, no network.

const OTHERS = [
  ["blank", "Trang trống"],
  ["failed", "Trang không đọc được"],
  ["separators", "Tờ ngăn cách"],
];
export const UNKNOWN = "khong-ro";

/** What names a page within a dossier. */
export function keyOf(page) {
  return `${page.sha256}/${page.page_number}`;
}

/**
 * @typedef {object} Group
 * @property {"paper"|"blank"|"failed"|"separators"} kind
 * @property {object[]} pages
 * @property {object} [was] the paper as the service gave it, where this is one
 * @property {string|null} [type] the type a person chose; null: as it is, or told by the machine
 */

export class Arrangement {
  /** @param {object} view as the service gives it */
  constructor(view) {
    this.view = view;
    this.groups = [
      ...view.papers.map((paper) => ({ kind: "paper", pages: paper.pages, was: paper, type: null })),
      ...OTHERS.map(([kind, name]) => ({ kind, name, pages: view[kind] })),
    ];
    this.begun = this.groups;
    this.past = [];
    // Answers to the machine's questions, by page.
    this.answers = new Map();
    this.types = new Map(view.paper_types.map((type) => [type.id, type.name]));
  }

  get papers() {
    return this.groups.filter((group) => group.kind === "paper");
  }

  get pages() {
    return this.groups.flatMap((group) => group.pages);
  }

  groupOf(key) {
    return this.groups.find((group) => group.pages.some((page) => keyOf(page) === key));
  }

  placeOf(key) {
    const group = this.groupOf(key);
    return { group, at: group.pages.findIndex((page) => keyOf(page) === key) };
  }

  questionOf(key) {
    return this.view.questions.find((question) => keyOf(question.page) === key && !this.answers.has(key));
  }

  /** The pages of a paper are another person's word, and stay. */
  isLocked(group) {
    return Boolean(group.was?.decided);
  }

  isChanged(group) {
    if (group.kind !== "paper") return false;
    return !group.was || group.type !== null || samePages(group.pages, group.was.pages) === false;
  }

  /** True where there is something to save: a change, or an answer. */
  get isDirty() {
    return this.answers.size > 0 || this.groups !== this.begun;
  }

  /** What a paper is called: chosen, as it was, or to be told by the machine. */
  nameOf(group) {
    if (group.kind !== "paper") return group.name;
    if (group.type !== null) return this.types.get(group.type) ?? group.type;
    if (!this.isChanged(group)) return group.was.paper_type_name;
    return "máy tự nhận loại";
  }

  /** Keep a change; where nothing would change, nothing is kept. */
  keep(groups) {
    this.past.push({ groups: this.groups, answers: new Map(this.answers) });
    this.groups = groups.filter((group) => group.kind !== "paper" || group.pages.length);
    return true;
  }

  undo() {
    const last = this.past.pop();
    if (!last) return false;
    this.groups = last.groups;
    this.answers = last.answers;
    return true;
  }

  /** Begin a new paper with a page. */
  cut(key) {
    const { group, at } = this.placeOf(key);
    if (this.isLocked(group)) return LOCKED;
    if (group.kind !== "paper") return this.asPaper(key);
    if (at === 0) return "Trang này đã là trang đầu của một giấy tờ.";
    const first = { ...group, pages: group.pages.slice(0, at) };
    const second = { kind: "paper", pages: group.pages.slice(at), type: null };
    return this.keep(this.groups.flatMap((each) => (each === group ? [first, second] : [each])));
  }

  /** Make a paper of its own of a page that belonged to none. */
  asPaper(key) {
    const { group, at } = this.placeOf(key);
    const page = group.pages[at];
    const rest = { ...group, pages: group.pages.filter((each) => each !== page) };
    const own = { kind: "paper", pages: [page], type: null };
    const papers = this.papers.length;
    const groups = this.groups.map((each) => (each === group ? rest : each));
    return this.keep([...groups.slice(0, papers), own, ...groups.slice(papers)]);
  }

  /** Join the paper of a page to the one before it. */
  merge(key) {
    const { group } = this.placeOf(key);
    const before = this.papers[this.papers.indexOf(group) - 1];
    if (group.kind !== "paper" || !before) return "Không có giấy tờ nào đứng trước để ghép vào.";
    if (this.isLocked(group) || this.isLocked(before)) return LOCKED;
    const joined = { ...before, pages: [...before.pages, ...group.pages] };
    return this.keep(this.groups.flatMap((each) => (each === before ? [joined] : each === group ? [] : [each])));
  }

  /** Move a page to the end of the paper before (-1) or the beginning of the one after (1). */
  move(key, step) {
    const { group, at } = this.placeOf(key);
    const others = this.groups.filter((each) => each.kind === "paper" || each === group);
    const target = others[others.indexOf(group) + step];
    if (!target) return step < 0 ? "Không có giấy tờ nào đứng trước." : "Không có giấy tờ nào đứng sau.";
    if (this.isLocked(group) || this.isLocked(target)) return LOCKED;
    const page = group.pages[at];
    const rest = { ...group, pages: group.pages.filter((each) => each !== page) };
    const filled = { ...target, pages: step < 0 ? [...target.pages, page] : [page, ...target.pages] };
    return this.keep(this.groups.map((each) => (each === group ? rest : each === target ? filled : each)));
  }

  /** Move a page within its paper. */
  shift(key, step) {
    const { group, at } = this.placeOf(key);
    if (this.isLocked(group)) return LOCKED;
    const to = at + step;
    if (group.kind !== "paper" || !group.pages[to]) return "Trang đã ở đầu hoặc cuối giấy tờ.";
    const pages = [...group.pages];
    [pages[at], pages[to]] = [pages[to], pages[at]];
    return this.keep(this.groups.map((each) => (each === group ? { ...group, pages } : each)));
  }

  /** Say that a page carries nothing; or, of a blank one, that it carries something. */
  blank(key) {
    const { group, at } = this.placeOf(key);
    if (this.isLocked(group)) return LOCKED;
    if (group.kind !== "paper") return this.asPaper(key);
    const page = group.pages[at];
    return this.keep(
      this.groups.map((each) => {
        if (each === group) return { ...group, pages: group.pages.filter((other) => other !== page) };
        return each.kind === "blank" ? { ...each, pages: [...each.pages, page] } : each;
      }),
    );
  }

  /** Say of which type a paper is; null leaves it to the machine. */
  choose(key, type) {
    const { group } = this.placeOf(key);
    if (group.kind !== "paper") return "Trang này không thuộc giấy tờ nào.";
    if (this.isLocked(group)) return LOCKED;
    const chosen = group.was && group.was.paper_type === type && !this.isChanged(group) ? null : type;
    return this.keep(this.groups.map((each) => (each === group ? { ...group, type: chosen } : each)));
  }

  /** Answer the machine's question about a page: does another paper begin here? */
  answer(key, isYes) {
    const question = this.questionOf(key);
    if (!question) return "Trang này không có câu hỏi.";
    const { group, at } = this.placeOf(key);
    const isCut = group.kind === "paper" && at === 0;
    let done = true;
    if (question.kind !== "two-papers" && isYes && !isCut) done = this.cut(key);
    else if (question.kind !== "two-papers" && !isYes && isCut) done = this.merge(key);
    else this.keep(this.groups);
    if (done === true) this.answers.set(key, isYes);
    return done;
  }

  /** What the service is sent: every page of papers and every blank one, once. */
  get request() {
    return {
      revision: this.view.revision,
      papers: this.papers.map((group) => ({ paper_type: group.type, pages: group.pages.map(placeOf) })),
      blank: this.groups.find((group) => group.kind === "blank").pages.map(placeOf),
    };
  }

  /** What saving will do, in a sentence. */
  get consequences() {
    const changed = this.papers.filter((group) => this.isChanged(group)).length;
    const kept = this.papers.length - changed;
    const parts = [`Hồ sơ sẽ có ${this.papers.length} giấy tờ`];
    if (changed) parts.push(`máy đọc lại trường của ${changed} giấy tờ vừa đổi`);
    if (kept) parts.push(`${kept} giấy tờ giữ nguyên`);
    return `${parts.join("; ")}.`;
  }
}

export const LOCKED = "Giấy tờ này đã có người quyết định nên không đổi trang, đổi loại được. Mở lại hoặc loại nó trước.";

function samePages(one, other) {
  return one.length === other.length && one.every((page, at) => keyOf(page) === keyOf(other[at]));
}

function placeOf({ file, sha256, page_number }) {
  return { file, sha256, page_number };
}
