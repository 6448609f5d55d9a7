// How far the person comfortably goes, and the session that finds it out.

import { button, h, problem, show, sure } from "./dom.js";
import { ask, tr } from "./server.js";

export async function limits() {
  let damaged = "";
  const asked = ask("/api/limits").catch((error) => {
    damaged = error.message;
    return [];
  });
  const [known, routines] = await Promise.all([asked, ask("/api/routines")]);
  const forget = async () => {
    if (!(await sure(tr("Remove your own limits for good?"), tr("Remove"), tr("Keep")))) return;
    await ask("/api/limits", undefined, "DELETE");
    await limits();
  };
  show(
    h("h1", {}, tr("My own limits")),
    h("p", { class: "lead" }, tr("In a gentle session posecoach measures how far you comfortably go. Your targets then start there.")),
    damaged && problem(damaged),
    known.length > 0 && h("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": tr("My own limits") }, h("table", {},
      h("thead", {}, h("tr", {}, ...[tr("Exercise"), tr("Comfortable"), tr("Target"), tr("Usual"), tr("Date")].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, known.map((one) => h("tr", {},
        h("th", { scope: "row" }, one.side ? `${one.title}, ${one.side}` : one.title),
        h("td", {}, `${one.comfortable}°`), h("td", {}, `${one.target}°`), h("td", {}, `${one.usual}°`), h("td", {}, one.day)))))),
    !damaged && h("h2", {}, tr("Measure them with")),
    !damaged && h("ul", { class: "cards" }, routines.filter((one) => !one.problem).map((one) =>
      h("li", { class: "card" }, h("a", { class: "cover", href: `#/session/${encodeURIComponent(one.name)}/calibration` }, h("h3", {}, one.title))))),
    (damaged || known.length > 0) && button(tr("Forget my own limits"), forget, "danger"),
  );
}
