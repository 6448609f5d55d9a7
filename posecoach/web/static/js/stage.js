// The camera's picture with the body drawn over it, the silhouette to lie into, and the ring.

import { h, svg } from "./dom.js";
import { state } from "./server.js";

// Pairs of landmarks, as MediaPipe numbers them.
const BONES = [
  [11, 12], [23, 24],
  [11, 13], [13, 15], [11, 23], [23, 25], [25, 27], [27, 29], [29, 31],
  [12, 14], [14, 16], [12, 24], [24, 26], [26, 28], [28, 30], [30, 32],
];
const JOINTS = [...new Set(BONES.flat())];
const DIM = 0.5; // visibility below which a limb is drawn faint
const COLOURS = { good: "#5fe0a5", change: "#ffb53d", plain: "#f2f5f7", quiet: "#aab6be", rim: "#10161b" };
const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;

export class Stage {
  constructor(mirrored = state.settings.mirror !== false) {
    this.video = h("video", { playsinline: true, muted: true, autoplay: true, "aria-hidden": "true" });
    this.video.muted = true;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.element = h("div", { class: "stage" }, this.video, this.canvas);
    this.turn = 0;
    this.mirrored = mirrored;
    this.resized = new ResizeObserver(() => this.place());
    this.resized.observe(this.element);
    this.video.addEventListener("resize", () => this.place());
    this.video.addEventListener("loadedmetadata", () => this.place());
  }

  async show(stream) {
    this.video.srcObject = stream;
    await this.play();
    this.place();
  }

  async play() {
    await this.video.play().catch(() => {});
  }

  // Calls `draw` with every picture of a video that plays, and when it is moved.
  every(draw) {
    this.stopped = false;
    const take = () => {
      if (this.stopped) return;
      draw();
      this.video.requestVideoFrameCallback?.(take);
    };
    this.video.requestVideoFrameCallback?.(take);
    for (const moved of ["seeked", "timeupdate"]) this.video.addEventListener(moved, draw);
  }

  stop() {
    this.stopped = true;
    this.video.pause();
    this.resized.disconnect();
  }

  // Puts the picture into the middle of the stage, as large as fits, turned and mirrored.
  place() {
    const { videoWidth, videoHeight } = this.video;
    const box = this.element.getBoundingClientRect();
    if (!videoWidth || !box.width) return;
    const across = this.turn % 180 !== 0;
    const [width, height] = across ? [videoHeight, videoWidth] : [videoWidth, videoHeight];
    this.element.style.setProperty("--shape", `${width} / ${height}`);
    const scale = Math.min(box.width / width, box.height / height);
    this.size = { width: width * scale, height: height * scale };
    this.video.style.width = `${videoWidth * scale}px`;
    this.video.style.height = `${videoHeight * scale}px`;
    this.video.style.transform = `translate(-50%, -50%) scaleX(${this.mirrored ? -1 : 1}) rotate(${this.turn}deg)`;
    this.canvas.style.width = `${this.size.width}px`;
    this.canvas.style.height = `${this.size.height}px`;
    const sharp = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(this.size.width * sharp);
    this.canvas.height = Math.round(this.size.height * sharp);
    if (this.last) this.draw(this.last);
  }

  draw(view) {
    this.last = view;
    if (view.turn !== this.turn) {
      this.turn = view.turn;
      this.place();
      return;
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.mirrored) pen.setTransform(-1, 0, 0, 1, this.canvas.width, 0);
    if (view.outline) this.silhouette(pen, view);
    if (view.body) this.body(pen, view);
  }

  clear() {
    this.last = null;
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  body(pen, view) {
    const scale = this.canvas.width / view.size[0];
    const lit = new Set(view.lit);
    const place = (index) => [view.body[3 * index] * scale, view.body[3 * index + 1] * scale];
    const seen = (index) => view.body[3 * index + 2];
    const thick = Math.max(3, Math.min(this.canvas.width, this.canvas.height) / 110);
    const accent = !view.ok ? COLOURS.change : view.phase === "hold" ? COLOURS.good : COLOURS.plain;
    pen.lineCap = "round";
    for (const rim of [true, false]) {
      for (const [a, b] of BONES) {
        const matters = lit.has(a) && lit.has(b);
        const faint = Math.min(seen(a), seen(b)) < DIM;
        pen.globalAlpha = faint ? 0.35 : 1;
        pen.strokeStyle = rim ? COLOURS.rim : matters ? accent : COLOURS.quiet;
        pen.lineWidth = (matters ? 2 : 1) * thick * (faint ? 0.5 : 1) + (rim ? thick : 0);
        // What is to change differs by more than its colour.
        pen.setLineDash(!rim && matters && !view.ok ? [thick * 2.2, thick * 2.6] : []);
        pen.beginPath();
        pen.moveTo(...place(a));
        pen.lineTo(...place(b));
        pen.stroke();
      }
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    for (const joint of JOINTS) {
      if (seen(joint) < DIM) continue;
      pen.beginPath();
      pen.arc(...place(joint), thick * (lit.has(joint) ? 1.4 : 0.8), 0, 2 * Math.PI);
      pen.fillStyle = "#ffffff";
      pen.fill();
    }
  }

  silhouette(pen, view) {
    const figure = state.silhouettes?.[view.outline];
    if (!figure) return;
    const { width, height } = this.canvas;
    const unit = width < height ? width / 3.2 : 0.22 * width;
    const sign = (headLeft(view) ?? !this.mirrored) ? -1 : 1;
    const place = ([x, y]) => [0.5 * width + sign * x * unit, 0.62 * height - y * unit];
    pen.globalAlpha = 0.5;
    pen.strokeStyle = pen.fillStyle = COLOURS.plain;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.arc(...place(state.silhouettes.head), 0.17 * unit, 0, 2 * Math.PI);
    pen.fill();
    for (const [thick, points] of figure) {
      pen.lineWidth = thick * unit;
      pen.beginPath();
      points.forEach((point, index) => (index ? pen.lineTo(...place(point)) : pen.moveTo(...place(point))));
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }
}

// Whether the head is at the left of the picture as the camera takes it; null where nobody is seen.
export function headLeft(view) {
  return view.body ? view.body[0] < view.body[3 * 23] : null;
}

// A ring that fills with the hold or the repetitions, and a disc that leads the breath.
export class Ring {
  constructor() {
    this.done = svg("circle", { cx: 50, cy: 50, r: RADIUS, class: "done", "stroke-dasharray": ROUND, transform: "rotate(-90 50 50)" });
    this.breath = svg("circle", { cx: 50, cy: 50, r: 0, class: "breath" });
    this.text = svg("text", { x: 50, y: 50, "text-anchor": "middle", "dominant-baseline": "central" });
    this.element = svg("svg", { viewBox: "0 0 100 100", class: "ring hidden", "aria-hidden": "true" },
      svg("circle", { cx: 50, cy: 50, r: RADIUS, class: "ground" }), this.breath, this.done, this.text);
  }

  draw(view) {
    let share = null;
    let text = "";
    if (view.hold_target_s > 0) {
      share = view.hold_s / view.hold_target_s;
      text = `${Math.max(0, Math.ceil(view.hold_target_s - view.hold_s - 1e-6))}`;
    } else if (view.reps_target > 0) {
      share = view.reps / view.reps_target;
      text = `${view.reps}/${view.reps_target}`;
    } else if (view.phase === "hold") {
      share = 1;
      text = `${Math.floor(view.hold_s)}`;
    }
    const shown = share !== null && !["done", "paused"].includes(view.phase);
    this.element.classList.toggle("hidden", !shown);
    if (!shown) return;
    this.element.classList.toggle("change", !view.ok);
    this.done.setAttribute("stroke-dashoffset", ROUND * (1 - Math.min(1, share)));
    this.text.textContent = text;
    this.text.setAttribute("font-size", text.length < 3 ? 42 : 28);
    this.breath.setAttribute("r", view.breath === null ? 0 : 20 + 18 * view.breath);
  }
}
