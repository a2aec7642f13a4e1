// What is asked once for the whole batch: procedure, dossier code, agency; filled in from a receipt where one tells.

import { Refused, ask, say, sayRefused } from "./common.js";
import { offerProcedures } from "./lookup-procedures.js";

const FIELDS = { procedure: "procedure_code", dossier_code: "dossier_code", agency: "agency" };
const field = (name) => document.getElementById(name);

export class Described {
  #batchId = null;
  #touched = new Set();
  #codeHint = "Không bắt buộc; giấy tiếp nhận có mã thì tự điền.";

  /** @param {(procedure: object) => void} onProcedure */
  constructor(onProcedure, { isFixed }) {
    for (const [name, sent] of Object.entries(FIELDS)) {
      field(name).disabled = isFixed;
      field(name).addEventListener("change", () => {
        this.#touched.add(name);
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

  set batchId(batchId) {
    this.#batchId = batchId;
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

  /** Fill in what a receipt says, where the clerk said nothing. */
  suggest(suggested, dossiers) {
    if (!suggested) return;
    const code = suggested.dossier_code;
    if (code && dossiers === 1 && !field("dossier_code").value && !this.#touched.has("dossier_code")) {
      field("dossier_code").value = code;
      this.#codeHint = `Lấy từ mã trên tệp ${suggested.from_file}.`;
      this.countDossiers(dossiers);
      say(`Đã điền mã hồ sơ ${code}, đọc từ mã trên tệp ${suggested.from_file}.`);
      this.#save({ dossier_code: code });
    }
    if (suggested.procedure_code && !field("procedure").value && !this.#touched.has("procedure")) {
      field("procedure").value = suggested.procedure_code;
      field("procedure-hint").textContent = `Lấy từ tệp ${suggested.from_file}.`;
      this.#save({ procedure_code: suggested.procedure_code });
    }
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

  #value(name) {
    return field(name).value.split("·")[0].trim() || null;
  }

  async #save(change) {
    const name = Object.keys(FIELDS).find((each) => FIELDS[each] in change);
    field(`${name}-wrong`).hidden = true;
    field(name).removeAttribute("aria-invalid");
    try {
      await ask("PATCH", `/v1/batches/${this.#batchId}`, change);
    } catch (error) {
      if (!this.refused(error)) sayRefused(error);
    }
  }
}
