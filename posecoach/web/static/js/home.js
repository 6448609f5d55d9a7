// Choosing what to do today.

import { button, h, problem, show, sure } from "./dom.js";
import { ask, state, tr } from "./server.js";

export async function home() {
  const [routines, line] = await Promise.all([ask("/api/routines"), ask("/api/session")]);
  const last = state.settings.routine;
  routines.sort((a, b) => (b.name === last) - (a.name === last));
  show(
    h("h1", {}, tr("What feels right today?")),
    line && h("div", { class: "card going" },
      h("p", {}, tr("A session is under way: {title}", { title: line.title })),
      h("a", { class: "button main", href: "#/session/join" }, tr("Go on with it"))),
    h("ul", { class: "cards" }, routines.map(card)),
    h("nav", { class: "more", "aria-label": tr("More") },
      h("a", { class: "button", href: "#/practise" }, tr("Try how to pause and stop")),
      h("a", { class: "button", href: "#/build" }, tr("Build a routine")),
      h("a", { class: "button", href: "#/add" }, tr("Add a routine")),
      h("a", { class: "button", href: "#/limits" }, tr("My own limits")),
      h("a", { class: "button", href: "#/clip" }, tr("Check a video")),
      state.phone && h("a", { class: "button", href: "#/phone" }, tr("Use a phone")),
      h("a", { class: "button", href: "#/therapist" }, tr("For the therapist"))),
    h("p", { class: "quiet" }, tr("posecoach is not a medical device. Stop at once at any sharp or growing pain.")),
  );
}

function card(routine) {
  if (routine.problem) return h("li", { class: "card" }, h("h2", {}, routine.name), problem(routine.problem));
  const exercises = routine.steps.filter((step) => step.exercise);
  const names = [...new Set(exercises.map((step) => step.title))];
  return h("li", { class: "card" },
    h("a", { class: "cover", href: `#/prepare/${encodeURIComponent(routine.name)}` },
      h("h2", {}, routine.title),
      h("p", { class: "length" }, routine.about, " · ", tr("{count} steps", { count: routine.steps.length })),
      pictures([...new Set(exercises.map((step) => step.exercise))].slice(0, 4)),
      h("p", { class: "quiet" }, names.join(", "))));
}

export function pictures(exercises) {
  const images = exercises.map((id) => h("img", { src: `/api/figure/${id}.svg`, alt: "", width: 96, height: 64, loading: "lazy" }));
  for (const image of images) image.addEventListener("error", () => image.remove());
  return h("div", { class: "pictures" }, images);
}

export async function prepare(name) {
  const routines = await ask("/api/routines");
  const routine = routines.find((one) => one.name === name && !one.problem);
  if (!routine) throw new Error(tr("There is no such routine: choose another."));
  const gentle = h("input", { type: "checkbox", id: "gentle" });
  const begin = () => {
    location.hash = `#/session/${encodeURIComponent(name)}/${gentle.checked ? "gentle" : "usual"}`;
  };
  const remove = async () => {
    if (!(await sure(tr("Remove this routine for good?"), tr("Remove"), tr("Keep")))) return;
    await ask(`/api/routines/${encodeURIComponent(name)}`, undefined, "DELETE");
    location.hash = "#/";
  };
  show(
    h("h1", {}, routine.title),
    h("div", { class: "begin" },
      button(tr("Begin"), begin, "main"),
      h("label", { class: "check", for: "gentle" }, gentle, tr("Gentle today: go less far, hold for half as long"))),
    state.new && h("p", {}, tr("The first time?"), " ", h("a", { href: "#/practise" }, tr("Try how to pause and stop"))),
    h("h2", {}, tr("Where to put the camera")),
    h("p", {}, tr("Beside the middle of the bed, about level with you, two metres away, so that all of you is in the picture from the side.")),
    ...contents(routine),
    h("div", { class: "row" },
      h("a", { class: "button", href: `#/share/${encodeURIComponent(name)}` }, tr("Share")),
      routine.own && button(tr("Remove this routine"), remove, "danger")),
  );
}

// How long a routine takes, what was prescribed, and its steps.
export function contents(routine) {
  return [
    h("h2", {}, tr("Steps")),
    h("p", { class: "length" }, [routine.about, routine.days, routine.source].filter(Boolean).join(" · ")),
    routine.note && h("p", { class: "note" }, routine.note),
    h("ol", { class: "steps" }, routine.steps.map((step) =>
      h("li", { class: step.exercise ? null : "pause" },
        step.exercise ? pictures([step.exercise]) : h("div", { class: "pictures" }),
        h("div", {},
          h("p", { class: "what" }, step.title, step.side && h("span", { class: "side" }, step.side)),
          h("p", { class: "quiet" }, step.dose))))),
  ];
}
