// What was done, the week, and forgetting.

import { button, h, show, sure } from "./dom.js";
import { result } from "./results.js";
import { ask, tr } from "./server.js";

export async function history() {
  const { sessions, week, advice } = await ask("/api/sessions");
  const forget = async (what, question) => {
    if (!(await sure(question, tr("Remove"), tr("Keep")))) return;
    try {
      await ask("/api/forget", what);
    } finally {
      await history(); // where not all could be removed, some was
    }
  };
  show(
    h("h1", {}, tr("History")),
    advice && h("p", { class: "advice" }, advice),
    week.map((line) => h("p", { class: "lead" }, line)),
    !sessions.length && h("p", {}, tr("There is no session yet. Begin one whenever you like.")),
    h("ul", { class: "sessions" }, sessions.map((one) => entry(one, forget))),
    sessions.length && button(tr("Forget everything"), () =>
      forget({ everything: true }, tr("Remove every session, your answers about safety and your own limits for good?")), "danger"),
  );
}

function entry(one, forget) {
  return h("li", { class: "card" },
    h("details", {},
      h("summary", {},
        h("span", { class: "when" }, `${one.day}, ${one.time}`),
        h("span", { class: "what" }, one.title),
        h("span", { class: "quiet" }, one.counted, ` · ${one.minutes}`, felt(one))),
      h("ul", { class: "results" }, one.exercises.map(result)),
      h("div", { class: "row" },
        h("a", { class: "button", href: `/report/${one.id}` }, tr("The report")),
        button(tr("Remove"), () => forget({ sessions: [one.id] }, tr("Remove this session for good?")), "danger"))));
}

function felt(one) {
  if (one.before === null && one.after === null) return null;
  const number = (value) => (value === null ? "–" : `${value}`);
  return " · " + tr("pain {before} → {after}", { before: number(one.before), after: number(one.after) });
}
