// Routines that go from one person to another: as a file, or as a link that carries the routine in itself.

import { button, h, problem, show } from "./dom.js";
import { contents } from "./home.js";
import { ask, state, tr } from "./server.js";

const ADDRESS = "http://localhost:8765/#/add/"; // of posecoach on the computer of whoever gets the link

export async function share(name) {
  const { part } = await ask(`/api/routines/${encodeURIComponent(name)}/link`);
  const routines = await ask("/api/routines");
  const routine = routines.find((one) => one.name === name);
  const link = h("input", { type: "text", id: "link", readonly: true, onfocus: () => link.select() });
  link.value = ADDRESS + part;
  const told = h("p", { role: "status", class: "quiet" });
  const copy = async () => {
    link.select();
    await navigator.clipboard.writeText(link.value).then(
      () => (told.textContent = tr("The link is copied: paste it into a message.")),
      () => (told.textContent = tr("Copy the selected link by hand.")),
    );
  };
  show(
    h("h1", {}, tr("Share: {title}", { title: routine?.title ?? name })),
    h("h2", {}, tr("As a file")),
    h("p", {}, tr("Send the file. Whoever gets it opens posecoach, chooses 'Add a routine' and then the file.")),
    h("p", {}, h("a", { class: "button main", href: `/api/routines/${encodeURIComponent(name)}.toml`, download: `${name}.toml` }, tr("Save the file"))),
    h("h2", {}, tr("As a link")),
    h("p", {}, tr("The link holds the whole routine, and opens it in posecoach on the computer of whoever gets it. Nothing is uploaded.")),
    h("p", { class: "field" }, h("label", { for: "link" }, tr("The link")), link),
    button(tr("Copy the link"), copy),
    told,
  );
}

// `part` is the end of a link that was opened.
export async function add(part = "") {
  const file = h("input", { type: "file", id: "file", accept: ".toml", onchange: () => chosen() });
  const link = h("input", { type: "text", id: "link", autocomplete: "off" });
  const told = h("div", { role: "status" });
  const read = async (sent) => {
    try {
      offered(await ask("/api/offered", sent));
    } catch (error) {
      told.replaceChildren(problem(error.message));
    }
  };
  const chosen = async () => {
    const [one] = file.files;
    if (!one) return;
    if (one.size > state.limits.routine) return told.replaceChildren(problem(tr("This is too large for a routine: choose the file that ends in .toml.")));
    await read({ name: one.name, content: await one.text() });
    file.value = ""; // so that the same one may be chosen again, corrected
  };
  const pasted = () => (link.value.trim()
    ? read({ link: link.value })
    : told.replaceChildren(problem(tr("Paste the link first."))));
  show(
    h("h1", {}, tr("Add a routine")),
    h("p", { class: "lead" }, tr("A routine that somebody sent you, as a file or as a link.")),
    h("p", { class: "field" }, h("label", { for: "file" }, tr("The file")), file),
    h("p", { class: "field" }, h("label", { for: "link" }, tr("Or the link")), link),
    button(tr("Read the link"), pasted),
    told,
  );
  if (part) await read({ link: part });
}

// What was sent, to be looked at before it is kept.
function offered({ name, content, routine }) {
  const told = h("div", { role: "alert" });
  const keep = async () => {
    try {
      const kept = await ask("/api/offered/kept", { name, content, replace: routine.replaces });
      location.hash = `#/prepare/${encodeURIComponent(kept.name)}`;
    } catch (error) {
      told.replaceChildren(problem(error.message));
    }
  };
  show(
    h("h1", {}, tr("Add '{title}'?", { title: routine.title })),
    routine.replaces && h("p", { class: "advice" }, tr("You have a routine of this name already. The new one takes its place.")),
    h("div", { class: "row" },
      button(routine.replaces ? tr("Replace it") : tr("Add it"), keep, "main"),
      h("a", { class: "button", href: "#/" }, tr("Don't add"))),
    told,
    ...contents(routine),
  );
}
