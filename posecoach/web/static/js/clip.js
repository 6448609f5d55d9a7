// A recorded video, judged: the video beside its curve, and a click on a fault jumps to its moment.

import { button, h, problem, show, svg } from "./dom.js";
import { result } from "./results.js";
import { ask, state as server, tr } from "./server.js";
import { Stage } from "./stage.js";

const ASK_MS = 500;

export async function clip() {
  const exercises = await ask("/api/exercises");
  const state = { left: false };
  const file = h("input", { type: "file", accept: "video/*", id: "file" });
  const which = h("select", { id: "which" }, h("option", { value: "" }, tr("Detect automatically")),
    exercises.map((one) => h("option", { value: one.id }, one.title)));
  const turn = h("select", { id: "turn" },
    [["auto", tr("Detect automatically")], ["0", tr("Not at all")], ["90", tr("A quarter to the right")], ["180", tr("Upside down")], ["270", tr("A quarter to the left")]]
      .map(([value, text]) => h("option", { value }, text)));
  const bar = h("progress", { max: 1, value: 0, class: "hidden", "aria-label": tr("Progress") });
  const told = h("div", { role: "status" });
  const go = async () => {
    const [chosen] = file.files;
    if (!chosen) return told.replaceChildren(problem(tr("Choose a video first.")));
    if (chosen.size > server.limits.clip) {
      return told.replaceChildren(problem(tr("The video is too large: cut it to a few minutes.")));
    }
    told.replaceChildren(h("p", {}, tr("The video is being sent to your computer …")));
    bar.classList.remove("hidden");
    try {
      await send(chosen, { exercise: which.value, rotate: turn.value, name: chosen.name }, (share) => (bar.value = share));
      told.replaceChildren(h("p", {}, tr("The video is being checked …")));
      const found = await wait((share) => (bar.value = share), state);
      if (found) await page(chosen, found, state);
    } catch (error) {
      told.replaceChildren(problem(error.message));
      bar.classList.add("hidden");
    }
  };
  show(
    h("h1", {}, tr("Check a video")),
    h("p", { class: "lead" }, tr("A video from the side, up to a few minutes long. posecoach looks at a copy and deletes that afterwards.")),
    h("p", { class: "field" }, h("label", { for: "file" }, tr("The video")), file),
    h("p", { class: "field" }, h("label", { for: "which" }, tr("The exercise")), which),
    h("p", {}, tr("Choose it if you know it: an exercise that is not done roughly right may look like another.")),
    h("p", { class: "field" }, h("label", { for: "turn" }, tr("Turn the picture")), turn),
    button(tr("Check it"), go, "main"), bar, told,
  );
  return () => {
    state.left = true;
    state.stage?.stop();
    if (state.url) URL.revokeObjectURL(state.url);
  };
}

function send(file, asked, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
    request.open("POST", `/api/clips?${new URLSearchParams(asked)}`);
    request.upload.onprogress = (event) => tell(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 200) return resolve();
      let text = tr("posecoach could not do that: reload the page and try again.");
      try {
        text = JSON.parse(request.responseText).problem ?? text;
      } catch {
        // not a sentence of the server's own
      }
      return reject(new Error(text));
    };
    request.onerror = () => reject(new Error(tr("The video did not arrive: see that the computer is awake, and try again.")));
    request.send(file);
  });
}

async function wait(tell, state) {
  while (!state.left) {
    const found = await ask("/api/clips");
    if (found.state === "done") return found;
    if (found.state === "problem") throw new Error(found.text);
    tell(found.share ?? 0);
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
  return null;
}

async function page(file, found, state) {
  const again = h("p", {}, h("a", { class: "button", href: "#/clip", onclick: () => window.dispatchEvent(new HashChangeEvent("hashchange")) }, tr("Check another one")));
  if (!found.parts.length) {
    show(h("h1", {}, found.choose ? tr("Which exercise is it?") : tr("What the video shows")), h("p", { class: "lead" }, found.headline),
      found.choose && h("p", {}, tr("Choose the exercise that it shows, and check it once more.")),
      ...found.notes.map((note) => h("p", {}, `${note}.`)), again);
    return;
  }
  const faults = found.parts.flatMap((part) => part.faults);
  const stage = new Stage(false);
  state.stage = stage;
  state.url = URL.createObjectURL(file);
  const { video } = stage;
  video.autoplay = false;
  Object.assign(video, { controls: false, src: state.url, loop: false });
  const line = svg("line", { class: "now", y1: 0, y2: 100 });
  const seek = (t) => {
    video.pause();
    video.currentTime = t;
    draw();
  };
  const play = button(tr("Play"), () => (video.paused ? video.play() : video.pause()), "main");
  video.addEventListener("play", () => (play.textContent = tr("Stop the video")));
  video.addEventListener("pause", () => (play.textContent = tr("Play")));
  const draw = () => {
    const t = video.currentTime;
    line.setAttribute("x1", t);
    line.setAttribute("x2", t);
    const body = nearest(found.bodies, t);
    // What is wrong with a move is known once it is over; here it shows while it lasts.
    if (body) stage.draw({ ...body, ok: body.ok && !faults.some((one) => one.start_s <= t && t <= one.end_s) });
    else stage.clear();
  };
  stage.every(draw);
  show(
    h("h1", {}, found.parts.length > 1 ? tr("What the video shows") : found.parts[0].result.title),
    found.parts.length > 1 && h("p", { class: "lead" }, found.headline),
    h("div", { class: "clip" },
      stage.element,
      h("div", {}, h("div", { class: "row" }, play), found.parts.map((part) => [
        h("ul", { class: "results" }, result(part.result)),
        part.detected && h("p", { class: "quiet" }, part.detected),
        h("ul", { class: "moments" }, part.faults.map((one) =>
          h("li", {}, button(`${span(one)}  ${one.cue}`, () => seek(one.start_s))))),
      ]).flat())),
    h("h2", {}, tr("How far it went")),
    curve(found, faults, line, seek),
    again,
  );
  seek(found.parts[0].positions[0]?.[0] ?? faults[0]?.start_s ?? 0);
}

function nearest(bodies, t) {
  let best = null;
  for (const body of bodies) if (!best || Math.abs(body.t_s - t) < Math.abs(best.t_s - t)) best = body;
  return best && Math.abs(best.t_s - t) < 0.5 ? best : null;
}

function clock(t) {
  return `${Math.floor(t / 60)}:${String(Math.floor(t % 60)).padStart(2, "0")}`;
}

// From when to when a fault lasted: the same one may come several times.
function span({ start_s, end_s }) {
  return [...new Set([clock(start_s), clock(end_s)])].join("–");
}

// The curve over time, 100 high, with degrees at its left, the target, the times in position and the faults.
function curve(found, faults, line, seek) {
  const length = Math.max(1, found.duration_s);
  const traces = found.parts.flatMap((part) => part.traces);
  const positions = found.parts.flatMap((part) => part.positions);
  const values = traces.flatMap((trace) => [...trace.value.filter((value) => value !== null), trace.enter]);
  const high = Math.max(40, ...values) * 1.08;
  const least = Math.min(0, ...values);
  const low = least - 0.1 * (high - least); // room for what is to change
  const y = (value) => 100 - (100 * (value - low)) / (high - low);
  const step = [10, 20, 30, 45, 60, 90].find((one) => (high - least) / one <= 5) ?? 90;
  const ticks = [];
  for (let at = Math.ceil(least / step) * step; at <= high; at += step) ticks.push(at);
  const sides = new Set(traces.map((trace) => trace.side));
  const target = ([trace]) => trace && svg("line", { x1: trace.t_s[0], x2: trace.t_s.at(-1), y1: y(trace.enter), y2: y(trace.enter), class: "target" });
  const drawn = svg("svg", { viewBox: `0 0 ${length} 100`, preserveAspectRatio: "none", class: "curve", role: "img", "aria-label": tr("How far the move went, over time") },
    ...ticks.map((at) => svg("line", { x1: 0, x2: length, y1: y(at), y2: y(at), class: "grid" })),
    ...positions.map(([a, b]) => svg("rect", { x: a, width: Math.max(0.1, b - a), y: 0, height: 100, class: "held" })),
    ...faults.map((one) => svg("rect", { x: one.start_s, width: Math.max(0.15, one.end_s - one.start_s), y: 94, height: 6, class: "fault" })),
    ...found.parts.map((part) => target(part.traces)).filter(Boolean),
    ...traces.flatMap((trace) => pieces(trace, y)),
    line);
  drawn.addEventListener("click", (event) => {
    const box = drawn.getBoundingClientRect();
    seek((length * (event.clientX - box.left)) / box.width);
  });
  return h("figure", {},
    h("div", { class: "plot" },
      svg("svg", { class: "degrees" }, ...ticks.map((at) =>
        svg("text", { x: "100%", y: `${y(at).toFixed(1)}%`, dy: "0.35em" }, `${at}°`.replace("-", "−")))),
      drawn),
    sides.size > 1 && h("p", { class: "lines" }, [["left", tr("left")], ["right", tr("right")]].map(([side, name]) =>
      h("span", {}, svg("svg", { viewBox: "0 0 40 10", class: "key" }, svg("line", { x1: 0, x2: 40, y1: 5, y2: 5, class: `trace ${side}` })), name))),
    h("figcaption", { class: "quiet" }, tr("The dashed line is where the position begins; the green ground is the time in position; the bars at the bottom are what to change.")));
}

function pieces(trace, y) {
  const lines = [];
  let points = [];
  trace.t_s.forEach((t, index) => {
    const value = trace.value[index];
    if (value === null) {
      lines.push(points);
      points = [];
    } else points.push(`${t},${y(value).toFixed(1)}`);
  });
  lines.push(points);
  return lines.filter((one) => one.length > 1).map((one) => svg("polyline", { points: one.join(" "), class: `trace ${trace.side}` }));
}
