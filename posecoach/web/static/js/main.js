// The page: which part of it is shown follows from the address after "#".

import { h, problem, show } from "./dom.js";
import { ask, Problem, refresh, state, tr } from "./server.js";
import { build } from "./build.js";
import { clip } from "./clip.js";
import { add, share } from "./handing.js";
import { history } from "./history.js";
import { home, prepare } from "./home.js";
import { limits } from "./limits.js";
import { phone } from "./phone.js";
import { practise } from "./practise.js";
import { safety } from "./safety.js";
import { session } from "./session.js";
import { settings } from "./settings.js";
import { therapist } from "./therapist.js";

const PARTS = new Map(Object.entries({
  "": home, prepare, session, practise, history, build, add, share, limits, clip, phone, safety, settings, therapist,
}));
let leave = null;

function top(part) {
  const link = (to, text) =>
    h("a", { href: `#/${to}`, "aria-current": part === to ? "page" : null }, text);
  document.getElementById("skip").textContent = tr("Jump to content");
  document.getElementById("top").replaceChildren(
    h("nav", { "aria-label": tr("Main") },
      h("a", { href: "#/", class: "name", "aria-current": part === "" ? "page" : null }, "posecoach"),
      link("history", tr("History")),
      link("settings", tr("Settings"))),
  );
}

async function go() {
  const [, part = "", ...rest] = location.hash.split("/");
  const shown = PARTS.get(part) ?? home;
  for (const question of document.querySelectorAll("dialog[open]")) question.close("no");
  leave?.();
  leave = null;
  document.body.dataset.part = part;
  top(part);
  try {
    leave = (await shown(...rest.map(decodeURIComponent))) ?? null;
  } catch (error) {
    show(h("h1", {}, tr("That did not work")), problem(error.message),
      h("p", {}, h("a", { href: "#/", class: "button" }, tr("Back to the beginning"))));
  }
}

// What a button asked for and did not get is told on the page that is open.
function refused(event) {
  if (!(event.reason instanceof Problem)) return;
  event.preventDefault();
  const page = document.getElementById("page");
  page.querySelector(".problem.told")?.remove();
  const told = problem(event.reason.message);
  told.classList.add("told");
  page.querySelector("h1")?.after(told);
  told.scrollIntoView({ block: "nearest" });
}

async function begin() {
  try {
    await refresh();
    state.silhouettes = await ask("/api/silhouettes");
  } catch (error) {
    show(h("h1", {}, "posecoach"), problem(error.message),
      h("button", { type: "button", onclick: begin }, tr("Try again")));
    return;
  }
  window.addEventListener("hashchange", go);
  window.addEventListener("unhandledrejection", refused);
  await go();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => {});
}

begin();
