// The WebSocket: pictures out, views and words in. The newest picture wins, and a lost line is taken up again.

import { marked } from "./server.js";

// What is told while a line is lost.
export const AWAY = marked("The computer with posecoach does not answer: see that it is awake. I will keep trying.");

const LONGEST_SIDE = 640; // pixels that are sent: the network looks at fewer
const QUALITY = 0.75;
const JPEG = "data:image/jpeg;base64,";
const QUICK_MS = 100; // while an answer takes no longer, the next picture does not wait for it
const FASTEST_MS = 55;
const SLOWEST_MS = 400;
const SLOW_MS = 200; // an answer that takes longer asks for fewer pictures
const LOST_MS = 3000; // a picture without an answer is given up
const DEAD_MS = 8000; // without any answer, after which the line is: a network that is gone closes nothing
const BUFFERED = 200_000; // bytes that wait for the network

function client() {
  let id = sessionStorage.getItem("client");
  if (!id) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("client", id);
  }
  return id;
}

// Events: "hello", "view", "say", "started", ... as the server calls them; "lost" and "back" of the line itself.
export class Line extends EventTarget {
  constructor() {
    super();
    this.closed = false;
    this.attempts = 0;
    this.interval = FASTEST_MS;
    this.took = 0;
    this.underWay = new Map();
    this.roundTrips = [];
    this.canvas = document.createElement("canvas");
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/line`);
    this.socket.binaryType = "arraybuffer";
    this.waits = performance.now(); // since when an answer is due
    this.watch = setInterval(() => this.see(), 1000);
    this.greeted = false; // until then nobody knows whose orders and pictures these are
    this.socket.onopen = () => this.socket.send(JSON.stringify({ type: "hello", client: client() }));
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = (event) => this.lose(event.code);
  }

  see() {
    if (this.waits !== null && performance.now() - this.waits > DEAD_MS) this.drop();
  }

  // Gives a connection up without waiting for the other side to agree.
  drop() {
    this.socket.onclose = this.socket.onmessage = this.socket.onopen = null;
    this.socket.close();
    this.lose(0);
  }

  hear(message) {
    this.waits = null;
    if (message.type === "hello") {
      this.attempts = 0;
      this.greeted = true;
      this.underWay.clear();
    }
    if (message.type === "view" || message.type === "late") this.answered(message.stamp);
    this.tell(message.type, message);
    if (message.type === "view") requestAnimationFrame(() => this.drawn(message.stamp));
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  lose(code) {
    clearInterval(this.watch);
    if (this.closed) return;
    this.underWay.clear();
    this.tell("lost", { code });
    if (code === 4001) return; // another page has taken over
    const wait = Math.min(5000, 400 * 2 ** this.attempts++);
    this.retry = setTimeout(() => this.connect(), wait);
  }

  get open() {
    return this.greeted && this.socket.readyState === WebSocket.OPEN;
  }

  // Nothing waits for a line that is lost: whoever orders knows whether it still holds when the line is back.
  order(what) {
    if (this.open) this.socket.send(JSON.stringify(what));
  }

  answered(stamp) {
    const sent = this.underWay.get(stamp);
    this.underWay.delete(stamp);
    if (sent === undefined) return;
    const took = performance.now() - stamp;
    this.took = took;
    this.interval = took > SLOW_MS
      ? Math.min(SLOWEST_MS, this.interval * 1.2)
      : Math.max(FASTEST_MS, this.interval - 4);
  }

  // From the camera to what is drawn for it, for whoever measures.
  drawn(stamp) {
    this.roundTrips.push(performance.now() - stamp);
    if (this.roundTrips.length > 2000) this.roundTrips.shift();
  }

  ready(now) {
    for (const [stamp, sent] of this.underWay) if (now - sent > LOST_MS) this.underWay.delete(stamp);
    return (
      this.open && this.underWay.size < (this.took < QUICK_MS ? 2 : 1) &&
      this.socket.bufferedAmount < BUFFERED && now - (this.sentAt ?? 0) >= this.interval - 8
    );
  }

  // Sends the picture that `video` shows, taken at `stamp`, unless the line or the server is busy.
  picture(video, stamp) {
    const now = performance.now();
    if (!this.ready(now) || !video.videoWidth) return;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.sentAt = now;
    this.pen.drawImage(video, 0, 0, width, height);
    // Encoding in the background waits until the browser is idle: on a busy machine that is the longest wait of all.
    const jpeg = atob(this.canvas.toDataURL("image/jpeg", QUALITY).slice(JPEG.length));
    const message = new Uint8Array(8 + jpeg.length);
    new DataView(message.buffer).setFloat64(0, stamp);
    for (let index = 0; index < jpeg.length; index++) message[8 + index] = jpeg.charCodeAt(index);
    this.underWay.set(Math.round(stamp * 1000) / 1000, now);
    this.socket.send(message);
    this.waits ??= now;
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    clearInterval(this.watch);
    this.socket.close(1000);
  }
}
