// A session: camera, questions, the way through the routine, and how it felt.

import { After } from "./after.js";
import { CameraProblem, closeCamera, offered, openCamera } from "./camera.js";
import { asked, button, h, problem, show } from "./dom.js";
import { AWAY, Line } from "./line.js";
import { practised } from "./practise.js";
import { message } from "./results.js";
import { advice, before } from "./safety.js";
import { ask, marked, tr } from "./server.js";
import { Sight } from "./sight.js";
import { headLeft, Ring, Stage } from "./stage.js";
import { STOPPED, Voice } from "./voice.js";

const CAPTION_MS = 1500; // that a caption stays after its words

// What the page says by itself.
const BLIND = marked("I have lost the picture");
const ALONE = marked("The connection is lost. Rest: I will keep trying");
const PAUSED = marked("Paused. Press Go on whenever you like");
const HIDDEN = marked("I do not see you while this page is hidden. We go on when it is back");

// `what` is a routine's name, or "join" for the session that is under way; `how` is usual, gentle, calibration or
// practise.
export async function session(what, how = "usual") {
  const session = new Session();
  session.begin(what, how).catch((error) => session.fail(error));
  return () => session.leave();
}

class Session {
  constructor() {
    this.left = false;
    this.ended = false;
    this.plan = null;
    this.paused = this.doubted = false;
    this.holds = ""; // how to leave the position that is held
    this.keys = (event) => this.key(event);
    this.visible = () => this.shown();
  }

  async begin(what, how) {
    show(h("h1", {}, tr("One moment")), h("p", { class: "wait" }, tr("The camera is opened. If the browser asks, allow it.")));
    this.stream = await openCamera();
    // After a reload the session goes on, without a question.
    if (await ask("/api/session")) what = "join";
    if (this.left) return closeCamera(this.stream);
    const answers = what === "join" || how === "practise" ? {} : await before();
    if (this.left || !answers) return closeCamera(this.stream);
    this.build();
    await this.sight.see(this.stream);
    if (what !== "join") {
      const kind = ["calibration", "practise"].includes(how) ? how : "routine";
      this.start = { type: "start", kind, routine: what, gentle: how === "gentle", ...answers };
    }
    this.connect();
  }

  // -- what is shown ---------------------------------------------------------------------------------

  build() {
    this.stage = new Stage();
    this.sight = new Sight(this.stage, {
      picture: (video, stamp) => this.begun && this.line.picture(video, stamp),
      lost: () => this.blind(),
      warn: (error) => this.warn("camera", error?.message),
    });
    this.ring = new Ring();
    this.title = h("h1", { class: "title" }, tr("Getting ready"));
    this.side = h("span", { class: "side hidden" });
    this.count = h("p", { class: "count" });
    this.says = h("p", { class: "says" });
    this.caption = h("p", { class: "caption", role: "status", "aria-live": "polite" });
    this.next = h("p", { class: "next" });
    this.trouble = h("div", { class: "trouble", role: "alert" });
    this.hold = button(tr("Pause"), () => this.pause(!this.paused), "main");
    const skip = button(tr("Next step"), () => this.order({ type: "next" }));
    const stop = button(tr("Stop"), () => this.stop(), "danger");
    this.figure = h("img", { class: `figure hidden${this.stage.mirrored ? " mirrored" : ""}`, alt: "" });
    this.other = button(tr("Another camera"), () => this.another(), "another hidden");
    this.element = h("section", { class: "session" },
      h("div", { class: "seen" }, this.stage.element, this.figure, this.other, this.trouble),
      h("div", { class: "over" },
        h("div", { class: "bar" }, h("div", {}, this.count, h("div", { class: "named" }, this.title, this.side)), this.ring.element)),
      h("div", { class: "under" }, this.says, this.caption, this.next, h("div", { class: "controls" }, this.hold, skip, stop)));
    // Whoever is uncomfortable looks for no button.
    this.element.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("button, a, dialog") && !this.ended && !this.paused && !this.practises) this.pause(true);
    });
    document.addEventListener("keydown", this.keys);
    document.addEventListener("visibilitychange", this.visible);
    this.voice = new Voice(
      (id, seconds) => this.order({ type: "said", id, seconds }),
      (text) => this.written(text),
    );
    this.voice.unlock();
    this.awake();
    show(this.element);
    document.body.classList.add("in-session");
  }

  written(text) {
    this.caption.textContent = text;
    this.caption.dataset.since = performance.now();
  }

  key(event) {
    // The button that was pressed last has the space bar for itself.
    const taken = event.key === " " ? "button, dialog" : "dialog";
    if (event.target.closest?.(taken) && event.key !== "Escape") return;
    if (event.key === " ") this.pause(!this.paused);
    else if (event.key === "n") this.order({ type: "next" });
    else if (["Escape", "q"].includes(event.key) && !document.querySelector("dialog[open]")) this.stop();
    else return;
    event.preventDefault();
  }

  shown() {
    this.awake();
    const seen = this.begun && !this.ended && !this.paused && !this.practises;
    if (document.visibilityState === "hidden" && seen) this.voice.alone(tr(HIDDEN));
  }

  async awake() {
    if (document.visibilityState !== "visible") return;
    this.lock = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  async another() {
    this.other.disabled = true;
    await this.sight.another().finally(() => (this.other.disabled = false));
  }

  blind() {
    this.alone(BLIND, this.held());
    this.warn("camera", tr("The camera is gone: see that it is connected. I will keep trying."));
  }

  // -- the line --------------------------------------------------------------------------------------

  connect() {
    this.line = new Line();
    window.posecoachLine = this.line; // its round trips, for whoever measures
    const on = (type, act) => this.line.addEventListener(type, (event) => act(event.detail));
    on("hello", (message) => this.hello(message));
    on("preparing", () => this.written(tr("One moment")));
    on("started", (message) => this.started(message.plan));
    on("view", (view) => this.view(view));
    on("say", (utterance) => this.voice.say(utterance));
    on("problem", (message) => this.told(message.text));
    on("refused", (message) => this.refuse(message));
    on("ended", (message) => this.over(message));
    on("taken", () => this.taken());
    on("lost", (detail) => this.lost(detail));
  }

  // Until the picture is there, there is no line: what is pressed then is asked for as soon as there is one.
  order(what) {
    this.line?.order(what);
  }

  hello({ session, ended }) {
    this.warn("line", "");
    if (this.ended) return;
    if (session && (session.yours || !session.active)) this.join(false);
    else if (this.left) this.line.close();
    else if (session) this.busy(session);
    else if (this.start) {
      this.line.order(this.start);
      this.start = null;
      this.insist();
    } else if (ended) {
      this.over(ended);
    } else {
      this.refuse({ text: tr("The session is over: what was done is in your history.") });
    }
  }

  join(over) {
    this.line.order({ type: "join", over });
    this.insist();
  }

  started(plan) {
    this.plan = plan;
    this.begun = true;
    this.hold.classList.toggle("hidden", this.practises);
    this.written("");
    const releases = plan.steps.map((step) => step.release).filter(Boolean);
    this.voice.keep(BLIND, ALONE, PAUSED, STOPPED, HIDDEN, ...new Set(releases));
  }

  // How to leave the position that was held last, said once: "" for whoever holds none.
  held() {
    const release = this.holds;
    this.holds = "";
    return release;
  }

  lost({ code }) {
    if (this.left || this.ended || code === 4001) return;
    if (this.stopped) return this.rest();
    if (this.begun && !this.warned?.line) this.alone(ALONE, this.held());
    this.warn("line", tr(AWAY));
  }

  busy(session) {
    show(
      h("h1", {}, tr("Another page has the camera")),
      h("p", {}, tr("{title} is under way on another page or device.", { title: session.title })),
      h("div", { class: "answers" },
        button(tr("Take over here"), () => {
          show(this.element);
          this.stage.play(); // outside of the page it stood still
          this.join(true);
        }, "main"),
        h("a", { class: "button", href: "#/" }, tr("Leave it there"))),
    );
  }

  taken() {
    this.ended = true;
    this.voice.hush();
    this.release();
    const back = () => {
      history.replaceState(null, "", "#/session/join");
      again();
    };
    show(
      h("h1", {}, tr("Another page has taken over")),
      h("p", {}, tr("The session goes on there.")),
      button(tr("Go on here instead"), back, "main"),
    );
  }

  get practises() {
    return this.plan?.kind === "practise";
  }

  refuse({ text, unwise }) {
    this.ended = true;
    this.release();
    if (unwise) return advice(text);
    show(h("h1", {}, tr("That did not work")), problem(text),
      h("div", { class: "row" },
        h("a", { class: "button main", href: "#/" }, tr("Back to the beginning")),
        h("a", { class: "button", href: "#/history" }, tr("History"))));
  }

  told(text) {
    this.warn("frame", text);
    clearTimeout(this.untold);
    this.untold = setTimeout(() => this.warn("frame", ""), 4000);
  }

  warn(key, text) {
    this.warned = { ...this.warned, [key]: text };
    const texts = Object.values(this.warned).filter(Boolean);
    this.trouble?.replaceChildren(...texts.map((one) => h("p", {}, one)));
  }

  // -- what the server says --------------------------------------------------------------------------

  view(view) {
    if (this.ended) return;
    this.holds = view.release;
    this.stage.draw(view);
    this.ring.draw(view);
    if (view.stamp > this.asked) this.wanted = undefined; // a picture since then: the server has heard it
    this.showPaused(this.wanted ?? view.phase === "paused");
    this.title.textContent = view.title || this.plan?.title || "";
    this.side.textContent = view.side;
    this.side.classList.toggle("hidden", !view.side);
    this.count.textContent = view.steps > 1 && view.step ? tr("Step {step} of {steps}", view) : "";
    this.other.classList.toggle("hidden", !this.sight.several || !(this.paused || !view.step) || view.phase === "done");
    this.move(view);
    const [text, kind] = message(view);
    // What answers a picture from before the page spoke by itself, as when the camera was lost, comes too late.
    if (!(view.stamp <= this.spoke)) {
      this.says.textContent = text;
      this.says.dataset.kind = kind;
    }
    const since = performance.now() - Number(this.caption.dataset.since ?? 0);
    const done = !this.voice.now && since > CAPTION_MS;
    this.caption.classList.toggle("hidden", done || this.caption.textContent === text);
    const next = this.plan?.kind === "routine" ? this.plan.steps[view.step] : null;
    this.next.textContent = next && view.step ? tr("Next: {title}", { title: next.title }) + (next.side ? `, ${next.side}` : "") : "";
  }

  // Shows the move in a corner until it is done, with the head where the person's is.
  move(view) {
    const shown = view.exercise && ["waiting", "rest"].includes(view.phase);
    if (this.figure.classList.contains("hidden")) this.head = headLeft(view);
    const head = this.head === null ? "" : `&head_left=${this.head}`;
    const source = shown ? `/api/figure/${view.exercise}.svg?moving=true&side=${view.worked}${head}` : "";
    if (shown && this.figure.getAttribute("src") !== source) this.figure.src = source;
    this.figure.classList.toggle("hidden", !shown);
  }

  showPaused(paused) {
    this.paused = paused;
    this.doubted &&= paused;
    this.element.classList.toggle("paused", paused);
    this.hold.textContent = paused ? tr("Go on") : tr("Pause");
  }

  // Pauses, or goes on; it holds although the line is lost.
  pause(on) {
    navigator.vibrate?.(40);
    this.order({ type: "pause", on });
    if (this.practises) return;
    Object.assign(this, { wanted: on, asked: performance.now() });
    this.showPaused(on);
    if (!this.line || this.line.open) return; // before there is one, nothing is lost
    this.alone(on ? PAUSED : ALONE);
  }

  // What the page says by itself is on the screen as well, in place of what was asked before.
  alone(...texts) {
    const told = texts.filter(Boolean).map((text) => tr(text));
    this.spoke = performance.now();
    this.says.textContent = told.join(". ");
    this.says.dataset.kind = "";
    this.voice.alone(...told);
  }

  async stop() {
    if (!this.begun) {
      location.hash = "#/";
      return;
    }
    if (!this.doubted) { // whoever left the question open is not asked twice in one pause
      this.pause(true);
      const answer = await asked(tr("Stop for today?"), tr("Stop"), tr("Go on"));
      if (this.left || this.ended) return;
      if (answer === "" && !this.practises) return (this.doubted = true);
      if (answer !== "yes") return this.pause(false);
    }
    this.stopped = true;
    this.insist();
    if (!this.line.open) this.rest();
  }

  // What was asked for, also while nobody heard it.
  insist() {
    if (this.stopped) this.order({ type: "stop" });
    else if (this.wanted !== undefined) this.pause(this.wanted);
  }

  // It was stopped, but the server does not know yet: whoever lies there need not wait for that.
  rest() {
    if (this.rests) return;
    this.rests = true;
    this.voice.farewell();
    this.release(true);
    show(
      h("h1", {}, tr("That was your session")),
      h("p", { class: "lead" }, tr("Rest a moment, and get up slowly")),
      problem(tr(AWAY)),
      h("a", { class: "button", href: "#/" }, tr("Back to the beginning")),
    );
  }

  over(summary) {
    if (this.left) this.line.close();
    if (this.left || this.ended) return;
    this.ended = true;
    if (this.stopped) this.voice.farewell();
    else if (summary.ended !== "finished") this.voice.hush();
    this.release(true);
    if (this.plan?.kind === "calibration") {
      location.hash = "#/limits";
    } else if (this.practises) {
      this.line.close();
      practised(summary.seen);
    } else {
      this.after = new After(this.line, summary);
      this.after.ask();
    }
  }

  // -- the end ---------------------------------------------------------------------------------------

  release(keepLine = false) {
    closeCamera(this.stream);
    this.sight?.close();
    document.body.classList.remove("in-session");
    document.removeEventListener("keydown", this.keys);
    document.removeEventListener("visibilitychange", this.visible);
    this.lock?.release().catch(() => {});
    if (!keepLine) this.line?.close();
  }

  leave() {
    this.left = true;
    if (!this.voice?.ends) this.voice?.hush();
    this.after?.leave();
    this.release(this.after || this.stopped); // what was answered or asked for is still to be told
  }

  async fail(error) {
    this.release();
    const others = error instanceof CameraProblem ? await offered(again) : [];
    if (this.left) return;
    show(
      h("h1", {}, tr("There is no picture")),
      problem(error.message),
      h("div", { class: "row" },
        button(tr("Try again"), again, "main"),
        h("a", { class: "button", href: "#/" }, tr("Back to the beginning"))),
      others.length > 0 && h("h2", {}, tr("Use this camera")),
      h("div", { class: "row" }, others),
    );
  }
}

// Shows the page of this address anew.
function again() {
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
