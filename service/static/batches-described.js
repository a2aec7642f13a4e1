// What is asked once for the whole batch: procedure, dossier code, agency; filled in from a receipt where one tells.

import { Refused, ask, say, sayRefused } from "./common.js";
import { offerProcedures } from "./lookup-procedures.js";

// What the QR of a receipt says, however it is put together: `extractors/payloads.py` and `service/intake/receipts.py`.
const DOSSIER_CODE = /(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,4})-\d{6}-\d{4,5}/;
const PROCEDURE_CODE = /(?<![\w.])[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?(?![\w.])/;
const FIELDS = { procedure: "procedure_code", dossier_code: "dossier_code", agency: "agency" };
const field = (name) => document.getElementById(name);

export class Described {
  #batchId = null;
  #touched = new Set();
  #codeHint = field("dossier-code-hint").textContent;
  #saving = Promise.resolve();

  /** @param {(procedure: object) => void} onProcedure */
  constructor(onProcedure, { isFixed }) {
    for (const [name, sent] of Object.entries(FIELDS)) {
      field(name).disabled = isFixed;
      field(name).addEventListener("change", () => {
        this.#touched.add(name);
        this.#forgive(name);
        if (name === "dossier_code") this.#takeScanned();
        if (this.#batchId) this.#save({ [sent]: this.#value(name) });
      });
    }
    field("procedure-hint").hidden = isFixed;
    if (!isFixed) offerProcedures(field("procedure"), onProcedure);
  }

  /** What a new batch is opened with. */
  get said() {
    return Object.fromEntries(Object.entries(FIELDS).map(([name, sent]) => [sent, this.#value(name)]));
  }

  get procedure() {
    return this.#value("procedure");
  }

  /** The batch was opened with what was said: nothing of it is wrong. */
  set batchId(batchId) {
    this.#batchId = batchId;
    for (const name of Object.keys(FIELDS)) this.#forgive(name);
  }

  /** Resolves once the service has answered to every change. */
  get saved() {
    return this.#saving;
  }

  /** Nothing more may be changed. */
  close() {
    for (const name of Object.keys(FIELDS)) field(name).disabled = true;
    field("dossier-code-hint").textContent = "";
    field("procedure-hint").hidden = true;
  }

  /** One dossier code belongs to one dossier. */
  countDossiers(dossiers) {
    if (field("dossier_code").disabled || !dossiers) return;
    field("dossier-code-hint").textContent =
      dossiers > 1 ? "Nhiều hồ sơ: để trống, mỗi hồ sơ lấy mã ở giấy tiếp nhận." : this.#codeHint;
  }

  /** Fill in what a receipt among the files says, where the clerk said nothing. */
  async suggest(suggested, dossiers) {
    if (!suggested) return;
    const { dossier_code: code, procedure_code: procedure, agency, from_file: file } = suggested;
    const filled = [];
    const isFree = (name) => !field(name).value && !this.#touched.has(name);
    if (code && dossiers === 1 && isFree("dossier_code")) {
      field("dossier_code").value = code;
      this.#codeHint = `Lấy từ mã trên tệp ${file}.`;
      this.countDossiers(dossiers);
      filled.push(["dossier_code", `mã hồ sơ ${code}`]);
    }
    if (agency && this.#fillAgency(agency)) filled.push(["agency", `cơ quan ${agency}`]);
    if (procedure && isFree("procedure")) {
      this.#touched.add("procedure");
      if (await this.#fillProcedure(procedure)) filled.push(["procedure", `thủ tục ${procedure}`]);
    }
    if (!filled.length) return;
    say(`Đã điền ${filled.map(([, words]) => words).join(", ")}, đọc từ mã trên tệp ${file}.`);
    await this.#save(Object.fromEntries(filled.map(([name]) => [FIELDS[name], this.#value(name)])));
  }

  /** Show beside its input what the service would not take. Returns false for an error of another kind. */
  refused(error) {
    const name = Object.keys(FIELDS).find((each) => FIELDS[each] === error.problem?.field);
    if (!(error instanceof Refused) || !name) return false;
    const place = field(`${name}-wrong`);
    place.hidden = false;
    place.textContent = `${error.problem.title} ${error.problem.action ?? ""}`;
    field(name).setAttribute("aria-invalid", "true");
    field(name).focus();
    return true;
  }

  /** A hand-held scanner types all that the code of a receipt says. */
  async #takeScanned() {
    const typed = field("dossier_code").value;
    const code = typed.match(DOSSIER_CODE)?.[0];
    if (!code || code === typed.trim()) return;
    field("dossier_code").value = code;
    const change = this.#fillAgency(code.split("-")[0]) ? { agency: this.#value("agency") } : {};
    const procedure = typed.replace(code, "").match(PROCEDURE_CODE)?.[0];
    if (procedure && !field("procedure").value && (await this.#fillProcedure(procedure))) {
      change.procedure_code = this.#value("procedure");
    }
    if (this.#batchId && Object.keys(change).length) await this.#save(change);
  }

  /** Show a unit of the agency that is there; another agency's receipt says nothing of who digitises it. */
  #fillAgency(agency) {
    const mine = field("agency").value;
    if (agency === mine || (mine && !agency.startsWith(`${mine}.`)) || this.#touched.has("agency")) return false;
    if (!/^[A-Z]/.test(agency)) return false;
    field("agency").value = agency;
    return true;
  }

  /** Show a procedure by code and name; false where there is none of that code. */
  async #fillProcedure(said) {
    const [code] = said.match(/^\d\.\d{6}/);
    let procedures = [];
    try {
      ({ procedures } = await ask("GET", `/lookup/procedures?q=${encodeURIComponent(code)}`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    const found = procedures.find((each) => each.code === code);
    if (found) field("procedure").value = `${found.code} · ${found.name}`;
    return Boolean(found);
  }

  #value(name) {
    return field(name).value.split("·")[0].trim() || null;
  }

  /** Take back what was wrong with an input. */
  #forgive(name) {
    field(`${name}-wrong`).hidden = true;
    field(name).removeAttribute("aria-invalid");
  }

  /** Changes go one after another: the last one is what holds. */
  #save(change) {
    this.#saving = this.#saving.then(() => this.#send(change));
    return this.#saving;
  }

  async #send(change) {
    for (const name of Object.keys(FIELDS).filter((each) => FIELDS[each] in change)) this.#forgive(name);
    try {
      await ask("PATCH", `/v1/batches/${this.#batchId}`, change);
    } catch (error) {
      if (!this.refused(error)) sayRefused(error);
    }
  }
}
