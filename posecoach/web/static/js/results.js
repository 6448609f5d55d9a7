// What is to be read of a moment, and of what was done.

import { h } from "./dom.js";

// The one thing to read, and what kind of thing it is.
export function message(view) {
  if (["paused", "done"].includes(view.phase)) return [view.instruction, "plain"];
  if (view.not_seen) return [view.not_seen, "unseen"];
  if (view.cue) return [view.cue, view.ok ? "plain" : "change"];
  return [view.instruction, view.phase === "hold" ? "good" : "plain"];
}

// What came of a step.
export function result(one) {
  return h("li", { class: `result ${one.kind}` },
    h("p", { class: "what" }, one.title, one.side && h("span", { class: "side" }, one.side)),
    h("p", { class: "verdict" }, one.verdict, one.dose && h("span", { class: "quiet" }, ` · ${one.dose}`)),
    one.cues.map((cue) => h("p", { class: "cue" }, cue)),
    one.notes.map((note) => h("p", { class: "quiet" }, note)));
}
