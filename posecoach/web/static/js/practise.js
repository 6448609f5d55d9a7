// The gestures that pause and end a session: what they are, and a practice of them.

import { h, show } from "./dom.js";
import { tr } from "./server.js";

export async function practise() {
  show(
    h("h1", {}, tr("Try how to pause and stop")),
    h("p", { class: "lead" }, tr("Lying down, you need neither hands nor screen. Try it once before your first session: it takes a minute.")),
    h("ul", { class: "gestures" },
      gesture(tr("One arm straight up, for two seconds"), tr("pauses, and goes on"), tr("or press the space bar; touching the picture pauses, too")),
      gesture(tr("Both arms straight up, for two seconds"), tr("ends the session"), tr("or press Stop, Esc or q"))),
    h("p", {}, h("a", { class: "button main", href: "#/session/practise/practise" }, tr("Try it"))),
  );
}

function gesture(what, does, otherwise) {
  return h("li", { class: "card" }, h("h2", {}, what), h("p", {}, does), h("p", { class: "quiet" }, otherwise));
}

// After the practice.
export function practised(seen) {
  const all = seen.length >= 3;
  show(
    h("h1", {}, all ? tr("That works") : tr("Not every gesture was seen")),
    h("p", { class: "lead" }, all
      ? tr("You can pause and stop without touching anything.")
      : tr("Raise the arm straight up and hold it there. Touching the picture always pauses.")),
    h("div", { class: "row" },
      h("a", { class: "button main", href: "#/" }, tr("Back to the beginning")),
      h("a", { class: "button", href: "#/practise" }, tr("Once more"))),
  );
}
