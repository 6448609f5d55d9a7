// The questions about safety: what is asked, and what follows from it, is the server's.

import { button, h, problem, show } from "./dom.js";
import { ask, refresh, state, tr } from "./server.js";

// Shows one question with an answer on each button; resolves to the answer.
export function choice(heading, body, answers, step = "") {
  return new Promise((resolve) => {
    show(
      step && h("p", { class: "quiet" }, step),
      h("h1", {}, heading),
      body,
      h("div", { class: "answers" }, answers.map(([text, value, kind]) => button(text, () => resolve(value), kind))),
    );
  });
}

const yesOrNo = () => [[tr("No"), false, "main"], [tr("Yes"), true, ""]];

// Asks one after the other; after a yes that speaks against a session no more, so those behind it stay open.
async function groups(asked) {
  const shown = [];
  const yes = [];
  const cleared = [];
  for (const [index, group] of asked.entries()) {
    const step = tr("Question {number} of {count}", { number: index + 1, count: asked.length });
    const note = index === 0 ? h("p", { class: "quiet" }, `${state.safety.intro} ${tr("Your answers stay on the computer with posecoach.")}`) : null;
    const signs = h("ul", { class: "signs" }, group.signs.map((sign) => h("li", {}, sign)));
    shown.push(group.key);
    if (!(await choice(state.safety.question, h("div", {}, signs, note), yesOrNo(), step))) continue;
    yes.push(group.key);
    if (group.cleared && (await choice(group.cleared, null, yesOrNo().reverse(), step))) cleared.push(group.key);
    else break;
  }
  return ask("/api/answers", { asked: shown, yes, cleared });
}

function advice(text) {
  show(
    h("h1", {}, tr("Not today")),
    h("p", { class: "advice", role: "alert" }, text),
    h("p", { class: "quiet" }, state.safety.intro),
    h("a", { class: "button", href: "#/" }, tr("Back to the beginning")),
  );
}

export function number(skip = true) {
  return Array.from({ length: 11 }, (_, value) => [`${value}`, value, "number"]).concat(
    skip ? [[tr("Skip"), null, ""]] : [],
  );
}

export function scale(heading, note = "") {
  const ends = h("p", { class: "scale" }, h("span", {}, tr("0 means not at all")), h("span", {}, tr("10 means the worst there is")));
  return choice(heading, h("div", {}, note && h("p", {}, note), ends), number());
}

// All questions before a session; null when there is none today.
export async function before() {
  await refresh();
  if (state.safety.due.length) {
    const found = await groups(state.safety.due);
    if (!found.allowed) {
      advice(found.advice);
      return null;
    }
    if (found.gently.length) await choice(tr("Thank you"), gentle(found), [[tr("Go on"), null, "main"]]);
  }
  const fresh = await choice(state.safety.today, null, yesOrNo());
  const pain = fresh ? null : await scale(tr("How much does your back hurt now?"), state.safety.stop);
  return { new_today: fresh, before: pain };
}

function gentle(found) {
  return h("div", {}, found.gently.map((text) => h("p", { class: "lead" }, text)));
}

export { advice };

// The questions by themselves, from the settings.
export async function safety() {
  await refresh();
  const found = await groups(state.safety.all);
  if (!found.allowed) {
    advice(found.advice);
    return;
  }
  show(
    h("h1", {}, tr("Thank you")),
    gentle(found),
    h("p", {}, state.safety.stop),
    h("a", { class: "button main", href: "#/" }, tr("Back to the beginning")),
  );
}
