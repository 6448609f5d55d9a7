// A session: camera, questions, the way through the routine, and how it felt.

import { CameraProblem, choices, chooseCamera, chooseNext, closeCamera, offered, openCamera } from "./camera.js";
import { button, h, problem, show, sure } from "./dom.js";
import { Line } from "./line.js";
import { practised } from "./practise.js";
import { message, result } from "./results.js";
import { advice, before, scale } from "./safety.js";
import { ask, marked, state, tr } from "./server.js";
import { headLeft, Ring, Stage } from "./stage.js";
import { Voice } from "./voice.js";

const REOPEN_MS = 2000; // between two tries to get a lost camera back
const SLOWEST_CAMERA_MS = 500;
const CAPTION_MS = 1500; // that a caption stays after its words

// What the page says by itself.
const BLIND = marked("I have lost the picture. Let go gently");
const ALONE = marked("The connection is lost. Rest: I try again");
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
    this.ended = null;
    this.plan = null;
    this.paused = false;
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
    await this.see(this.stream);
    if (what !== "join") {
      const kind = ["calibration", "practise"].includes(how) ? how : "routine";
      this.start = { type: "start", kind, routine: what, gentle: how === "gentle", ...answers };
    }
    this.connect();
  }

  // -- what is shown ---------------------------------------------------------------------------------

  build() {
    this.stage = new Stage();
    this.ring = new Ring();
    this.title = h("h1", { class: "title" }, tr("Getting ready"));
    this.side = h("span", { class: "side hidden" });
    this.count = h("p", { class: "count" });
    this.says = h("p", { class: "says" });
    this.caption = h("p", { class: "caption", role: "status", "aria-live": "polite" });
    this.next = h("p", { class: "next" });
    this.trouble = h("div", { class: "trouble", role: "alert" });
    this.hold = button(tr("Pause"), () => this.pause(!this.paused), "main");
    const skip = button(tr("Next step"), () => this.line.order({ type: "next" }));
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
      (id, seconds) => this.line?.order({ type: "said", id, seconds }),
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
    if (event.target.closest?.("button, input, dialog") && event.key !== "Escape") return;
    if (event.key === " ") this.pause(!this.paused);
    else if (event.key === "n") this.line.order({ type: "next" });
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

  // -- the camera ------------------------------------------------------------------------------------

  async see(stream) {
    this.stream = stream;
    await this.stage.show(stream);
    stream.getVideoTracks()[0]?.addEventListener("ended", () => this.blind());
    this.watch();
    this.several = (await choices()).length > 1;
  }

  watch() {
    const video = this.stage.video;
    const take = (now, metadata) => {
      if (this.left || this.ended || video.srcObject !== this.stream) return;
      if (this.begun) this.line.picture(video, taken(now, metadata?.captureTime));
      again();
    };
    const again = () =>
      video.requestVideoFrameCallback ? video.requestVideoFrameCallback(take) : setTimeout(() => take(performance.now()), 50);
    again();
  }

  // Goes on with the next camera of this device.
  async another() {
    this.other.disabled = true;
    const before = await chooseNext(this.stream);
    closeCamera(this.stream); // some devices open one at a time
    try {
      const stream = await openCamera();
      if (this.left || this.ended) return closeCamera(stream);
      await this.see(stream);
    } catch (error) {
      if (!(error instanceof CameraProblem)) throw error;
      chooseCamera(before);
      await this.blind();
    } finally {
      this.other.disabled = false;
    }
  }

  // The camera is gone: said at once, and tried again until it is back.
  async blind() {
    if (this.left || this.ended) return;
    this.voice.alone(tr(BLIND));
    this.warn("camera", tr("The camera is gone: see that it is connected. I try again by myself."));
    while (!this.left && !this.ended) {
      await new Promise((resolve) => setTimeout(resolve, REOPEN_MS));
      try {
        const stream = await openCamera();
        if (this.left || this.ended) return closeCamera(stream);
        this.warn("camera", "");
        await this.see(stream);
        return;
      } catch (error) {
        if (!(error instanceof CameraProblem)) throw error;
        this.warn("camera", error.message);
      }
    }
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
    on("thanks", (message) => this.thanked(message.advice));
    on("taken", () => this.taken());
    on("lost", (detail) => this.lost(detail));
  }

  hello({ session }) {
    this.warn("line", "");
    if (session && (session.yours || !session.active)) this.line.order({ type: "join", over: false });
    else if (session) this.busy(session);
    else if (this.start) {
      this.line.order(this.start);
      this.start = null;
    } else {
      this.refuse({ text: tr("The session is over: its summary is in your history.") });
    }
  }

  started(plan) {
    this.plan = plan;
    this.begun = true;
    this.hold.classList.toggle("hidden", this.practises);
    this.written("");
    this.voice.keep(BLIND, ALONE, HIDDEN);
  }

  lost({ code }) {
    if (this.ended || code === 4001) return;
    if (this.begun && !this.warned?.line) this.voice.alone(tr(ALONE));
    this.warn("line", tr("The computer with posecoach does not answer: see that it is awake. I try again by myself."));
  }

  busy(session) {
    show(
      h("h1", {}, tr("Another page has the camera")),
      h("p", {}, tr("{title} is under way on another page or device.", { title: session.title })),
      h("div", { class: "answers" },
        button(tr("Take over here"), () => {
          show(this.element);
          this.stage.play(); // outside of the page it stood still
          this.line.order({ type: "join", over: true });
        }, "main"),
        h("a", { class: "button", href: "#/" }, tr("Leave it there"))),
    );
  }

  taken() {
    this.voice.hush();
    this.release();
    show(
      h("h1", {}, tr("Another page has taken over")),
      h("p", {}, tr("The session goes on there.")),
      h("a", { class: "button main", href: "#/session/join" }, tr("Go on here instead")),
    );
  }

  get practises() {
    return this.plan?.kind === "practise";
  }

  refuse({ text, unwise }) {
    this.ended = {};
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
    this.stage.draw(view);
    this.ring.draw(view);
    this.paused = view.phase === "paused";
    this.element.classList.toggle("paused", this.paused);
    this.hold.textContent = this.paused ? tr("Go on") : tr("Pause");
    this.title.textContent = view.title || this.plan?.title || "";
    this.side.textContent = view.side;
    this.side.classList.toggle("hidden", !view.side);
    this.count.textContent = view.steps > 1 && view.step ? tr("Step {step} of {steps}", view) : "";
    this.other.classList.toggle("hidden", !this.several || !(this.paused || !view.step) || view.phase === "done");
    this.move(view);
    const [text, kind] = message(view);
    this.says.textContent = text;
    this.says.dataset.kind = kind;
    const since = performance.now() - Number(this.caption.dataset.since ?? 0);
    const done = !this.voice.now && since > CAPTION_MS;
    this.caption.classList.toggle("hidden", done || this.caption.textContent === text);
    const next = this.plan?.kind === "routine" ? this.plan.steps[view.step] : null;
    this.next.textContent = next && view.step ? tr("Next: {title}", { title: next.title }) + (next.side ? `, ${next.side}` : "") : "";
    if (this.wanted !== undefined && this.wanted !== this.paused) this.line.order({ type: "pause", on: this.wanted });
    this.wanted = undefined;
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

  pause(on) {
    this.line.order({ type: "pause", on });
    navigator.vibrate?.(40);
  }

  async stop() {
    this.pause(true);
    if (!this.begun || (await sure(tr("Stop for today?"), tr("Stop"), tr("Go on")))) {
      if (this.begun && this.line.open) this.line.order({ type: "stop" });
      else location.hash = "#/";
    } else {
      this.pause(false);
    }
  }

  async over(summary) {
    if (this.ended) return;
    this.ended = summary;
    if (summary.ended !== "finished") this.voice.hush();
    this.release(true);
    if (this.plan?.kind === "calibration") {
      location.hash = "#/limits";
      return;
    }
    if (this.practises) {
      this.line.close();
      practised(summary.seen);
      return;
    }
    const after = await scale(tr("And how much does it hurt now?"));
    if (this.left) return;
    const pain = await this.pained();
    if (this.left) return;
    this.line.order({ type: "felt", after, pain });
    this.summary("");
  }

  pained() {
    return new Promise((resolve) => {
      show(
        h("h1", {}, tr("Did any pain come during the session?")),
        h("div", { class: "answers" },
          button(tr("No"), () => resolve(false), "main"), button(tr("Yes"), () => resolve(true)), button(tr("Skip"), () => resolve(null))),
      );
    });
  }

  thanked(text) {
    if (text) this.summary(text);
  }

  summary(text) {
    const { results, session } = this.ended;
    show(
      h("h1", {}, this.ended.ended === "finished" ? tr("Well done for today") : tr("That was your session")),
      text && h("p", { class: "advice", role: "alert" }, text),
      h("p", { class: "lead" }, this.ended.text),
      h("ul", { class: "results" }, results.map(result)),
      h("div", { class: "row" },
        h("a", { class: "button main", href: "#/" }, tr("Back to the beginning")),
        session && h("a", { class: "button", href: `/report/${session}` }, tr("The report")),
        h("a", { class: "button", href: "#/history" }, tr("History"))),
    );
  }

  // -- the end ---------------------------------------------------------------------------------------

  release(keepLine = false) {
    closeCamera(this.stream);
    document.body.classList.remove("in-session");
    document.removeEventListener("keydown", this.keys);
    document.removeEventListener("visibilitychange", this.visible);
    this.lock?.release().catch(() => {});
    if (!keepLine) this.line?.close();
  }

  leave() {
    this.left = true;
    this.voice?.hush();
    this.release();
  }

  async fail(error) {
    this.release();
    const again = () => window.dispatchEvent(new HashChangeEvent("hashchange"));
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

// When a picture was taken; some cameras do not say, or say it by another clock.
function taken(now, said) {
  return said > now - SLOWEST_CAMERA_MS && said <= now ? said : now;
}
