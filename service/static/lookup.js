// The page of the once-only question.

import { askHeld, listenToPrint, takeCardCodes } from "./lookup-asking.js";
import { offerProcedures } from "./lookup-procedures.js";

const form = document.getElementById("asking");
const field = (name) => document.getElementById(name);

offerProcedures(field("procedure"), (procedure) => {
  const roles = new Set(procedure.roles.map((each) => each.role));
  for (const person of document.querySelectorAll("[data-role]")) {
    person.hidden = !roles.has(person.dataset.role) && !person.querySelector("input").value;
  }
  if (roles.size) field("others").open = true;
  field(field("subject").value ? "purpose" : "subject").focus();
});

takeCardCodes(field("subject"), ({ name, birth }) => {
  field("name").value = name;
  field("birth").value = birth;
  field("checking").open = true;
  field("procedure").focus();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button.primary");
  button.disabled = true;
  try {
    await askHeld(new FormData(form), field("answer"));
  } finally {
    button.disabled = false;
  }
});

listenToPrint(document);
