// Building a routine of one's own.

import { button, h, problem, show } from "./dom.js";
import { pictures } from "./home.js";
import { ask, state, tr } from "./server.js";

export async function build() {
  const exercises = await ask("/api/exercises");
  const byId = new Map(exercises.map((one) => [one.id, one]));
  const steps = [];
  const title = h("input", { type: "text", id: "title", maxlength: state.limits.name, autocomplete: "off" });
  const list = h("ol", { class: "steps" });
  const trouble = h("div", {});

  const hint = h("p", { class: "quiet" }, tr("None yet: add exercises from the list below."));
  const draw = () => {
    list.replaceChildren(...steps.map((step, index) => row(step, index)));
    hint.classList.toggle("hidden", steps.length > 0);
  };
  const move = (index, by) => {
    const [step] = steps.splice(index, 1);
    steps.splice(index + by, 0, step);
    draw();
  };
  const row = (step, index) => {
    const one = byId.get(step.exercise);
    const name = (what) => `${what}, ${one.title}`;
    return h("li", {},
      pictures([step.exercise]),
      h("div", {},
        h("p", { class: "what" }, one.title),
        h("p", { class: "row small" },
          one.hold_s > 0 && h("label", {}, tr("Hold, seconds"), amount(step, "hold_s")),
          h("label", {}, one.sided ? tr("Times per side") : tr("Times"), amount(step, "reps"))),
        h("p", { class: "row small" },
          index > 0 && h("button", { type: "button", "aria-label": name(tr("Up")), onclick: () => move(index, -1) }, "↑"),
          index < steps.length - 1 && h("button", { type: "button", "aria-label": name(tr("Down")), onclick: () => move(index, 1) }, "↓"),
          h("button", { type: "button", "aria-label": name(tr("Remove")), onclick: () => { steps.splice(index, 1); draw(); } }, tr("Remove")))));
  };
  const add = (one) => {
    steps.push({ exercise: one.id, ...(one.hold_s ? { hold_s: one.hold_s, reps: 1 } : { reps: 4 }), ...(one.sided ? { side: "each" } : {}) });
    draw();
  };
  const save = async () => {
    try {
      const routine = await ask("/api/routines", { title: title.value, steps });
      location.hash = `#/prepare/${encodeURIComponent(routine.name)}`;
    } catch (error) {
      trouble.replaceChildren(problem(error.message));
    }
  };
  show(
    h("h1", {}, tr("Build a routine")),
    h("p", { class: "field" }, h("label", { for: "title" }, tr("What is it called?")), title),
    h("h2", {}, tr("Its steps")),
    hint,
    list,
    trouble,
    button(tr("Save"), save, "main"),
    h("h2", {}, tr("Add an exercise")),
    h("ul", { class: "cards small" }, exercises.map((one) =>
      h("li", { class: "card" }, pictures([one.id]), h("h3", {}, one.title), h("p", { class: "quiet" }, one.summary),
        h("button", { type: "button", "aria-label": `${tr("Add")}: ${one.title}`, onclick: () => add(one) }, tr("Add"))))),
  );
}

function amount(step, key) {
  const [min, max] = state.limits[key];
  const input = h("input", { type: "number", min, max, inputmode: "numeric" });
  input.value = step[key];
  input.addEventListener("change", () => {
    step[key] = Math.min(max, Math.max(min, Math.round(Number(input.value) || min)));
    input.value = step[key];
  });
  return input;
}
