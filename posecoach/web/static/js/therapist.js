// What a therapist looks at, and hands over.

import { h, show } from "./dom.js";
import { ask, tr } from "./server.js";

export async function therapist() {
  const [{ sessions }, routines] = await Promise.all([ask("/api/sessions"), ask("/api/routines")]);
  show(
    h("h1", {}, tr("For the therapist")),
    h("h2", {}, tr("Reports")),
    h("p", {}, tr("The report of a session shows what was done and the weeks before it. Print it, or save it as PDF.")),
    sessions.length
      ? h("ul", { class: "links" }, sessions.slice(0, 10).map((one) =>
        h("li", {}, h("a", { href: `/report/${one.id}` }, `${one.day}, ${one.time} · ${one.title}`))))
      : h("p", { class: "quiet" }, tr("There is no session yet. Begin one whenever you like.")),
    h("h2", {}, tr("A video of a patient")),
    h("p", {}, h("a", { class: "button", href: "#/clip" }, tr("Check a video"))),
    h("h2", {}, tr("Routines to share")),
    h("p", {}, tr("A routine goes to your patient as a small file or as a link.")),
    h("ul", { class: "links" }, routines.filter((one) => !one.problem).map((one) =>
      h("li", {}, h("a", { href: `#/share/${encodeURIComponent(one.name)}` }, one.title)))),
    h("p", {}, h("a", { class: "button", href: "#/build" }, tr("Build a routine"))),
    h("h2", {}, tr("Accuracy")),
    h("p", {}, h("a", { class: "button", href: "/accuracy" }, tr("What was measured"))),
  );
}
