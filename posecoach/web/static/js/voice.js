// What is heard: words by the browser's own voice or, where it has none, by the computer's; tones; vibration.

import { marked, state, tr } from "./server.js";

export const STOPPED = marked("We stop here for today. Rest a moment, and get up slowly");
const BUZZES = { in_position: 80, hold_done: [80, 60, 80], paused: 200, resumed: 80, done: [80, 60, 80, 60, 80], stopped: 200 };
const USUAL_RATE = 160; // words a minute of a browser's voice at its rate 1
const SIGNS_A_SECOND = 14;

let audio = null; // one for all: a browser has only so many, and each keeps a device of the system open

export class Voice {
  // `said(id, seconds)` is called when an utterance has been heard, `caption(text)` with what is heard now.
  constructor(said, caption) {
    Object.assign(this, { said, caption });
    this.queue = [];
    this.now = null;
    this.kept = new Map(); // the sound of the page's own sentences, by what they say
    this.wordless = false; // the computer has no voice
  }

  // Browsers let a page be heard only after a touch.
  unlock() {
    this.audio = audio ??= new AudioContext();
    this.audio.resume();
    if ("speechSynthesis" in window) {
      speechSynthesis.getVoices();
      speechSynthesis.onvoiceschanged = () => {};
    }
  }

  get gain() {
    return (state.settings.volume ?? 80) / 100;
  }

  voice() {
    if (!("speechSynthesis" in window)) return null;
    const able = speechSynthesis.getVoices().filter((one) => one.lang.toLowerCase().startsWith(state.language));
    const wanted = localStorage.getItem("voice");
    return (
      able.find((one) => one.name === wanted) ?? able.find((one) => one.localService && one.default) ??
      able.find((one) => one.localService) ?? null // no words leave this device
    );
  }

  say(utterance) {
    // What the page itself has to say is heard to its end.
    if (utterance.cuts && this.now?.kind === "page" && utterance.kind !== "page") this.queue = [];
    else if (utterance.cuts) this.hush();
    this.queue.push(utterance);
    if (BUZZES[utterance.kind]) navigator.vibrate?.(BUZZES[utterance.kind]);
    if (!this.now) this.next();
  }

  async next() {
    const utterance = this.queue.shift();
    this.now = utterance ?? null;
    if (!utterance) return;
    if (utterance.text) this.caption(utterance.text);
    const sound = state.settings.sound ?? "voice";
    if (utterance.tone && sound !== "off") await this.tone(utterance.tone);
    if (this.now !== utterance) return;
    const began = performance.now();
    if (utterance.text) await (sound === "voice" ? this.words(utterance) : this.time(utterance.text));
    if (this.now !== utterance) return; // it was cut
    // How long the page's own sentences take is of no use to the server.
    if (utterance.id && utterance.text && sound === "voice") this.said(utterance.id, (performance.now() - began) / 1000);
    this.next();
  }

  async tone(name) {
    const { seconds, notes } = state.tones[name];
    if (!this.audio) return;
    // Frequency in Hz, loudness, and when a note begins as a share of the tone.
    for (const [frequency, loudness, begins] of notes) {
      const at = this.audio.currentTime + begins * seconds;
      const until = this.audio.currentTime + seconds + 0.05;
      const source = new OscillatorNode(this.audio, { frequency });
      const level = new GainNode(this.audio, { gain: 0 });
      level.gain.setValueAtTime(0, at);
      level.gain.linearRampToValueAtTime(loudness * this.gain, at + 0.01);
      level.gain.exponentialRampToValueAtTime(0.0001, until);
      source.connect(level).connect(this.audio.destination);
      source.start(at);
      source.stop(until);
    }
    await pause(seconds);
  }

  async words(utterance) {
    const voice = this.voice();
    if (voice && (await this.browser(utterance.text, voice))) return;
    const sound = utterance.id ? await this.fetched(`/api/words/${utterance.id}`) : this.kept.get(utterance.text);
    if (this.now !== utterance) return;
    if (!sound || !(await this.played(sound))) await this.time(utterance.text);
  }

  // Gets the sound of what may have to be said when the computer cannot be asked any more.
  async keep(...texts) {
    for (const text of texts) {
      if (this.voice()) return;
      const sound = await this.fetched(`/api/words?text=${encodeURIComponent(text)}`);
      if (sound) this.kept.set(tr(text), sound);
    }
  }

  // The computer's voice; null where it has none.
  async fetched(path) {
    if (this.wordless) return null;
    try {
      const answer = await fetch(path);
      this.wordless = answer.status === 204;
      return answer.status === 200 ? await answer.arrayBuffer() : null;
    } catch {
      return null;
    }
  }

  browser(text, voice) {
    return new Promise((resolve) => {
      const spoken = new SpeechSynthesisUtterance(text);
      Object.assign(spoken, { voice, lang: voice.lang, volume: this.gain });
      spoken.rate = Math.min(2, Math.max(0.5, (state.settings.rate ?? USUAL_RATE) / USUAL_RATE));
      // Some browsers forget to tell of the end.
      const longest = setTimeout(() => resolve(true), 4000 + 150 * text.length);
      const end = (well) => {
        clearTimeout(longest);
        resolve(well);
      };
      spoken.onend = () => end(true);
      spoken.onerror = (event) => end(["canceled", "interrupted"].includes(event.error));
      this.stop = () => {
        speechSynthesis.cancel();
        end(true);
      };
      speechSynthesis.speak(spoken);
    });
  }

  async played(sound) {
    try {
      const buffer = await this.audio.decodeAudioData(sound.slice(0));
      await new Promise((resolve) => {
        const source = new AudioBufferSourceNode(this.audio, { buffer });
        source.connect(new GainNode(this.audio, { gain: this.gain })).connect(this.audio.destination);
        source.onended = resolve;
        this.stop = () => {
          source.onended = null;
          source.stop();
          resolve();
        };
        source.start();
      });
      return true;
    } catch {
      return false;
    }
  }

  // Without a voice, what would be said stands on the screen for as long.
  time(text) {
    return pause(Math.max(1.2, text.length / SIGNS_A_SECOND));
  }

  // Something that the page itself has to say, as when the line is lost.
  alone(first, ...more) {
    this.say({ kind: "page", text: first, tone: "end", cuts: true });
    for (const text of more) this.say({ kind: "page", text });
  }

  // The last words of a session that was stopped, heard to their end unless a touch or a key ends them.
  farewell() {
    if (this.ends) return;
    this.ends = true;
    this.hush();
    this.alone(tr(STOPPED));
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.hush(), { once: true });
  }

  hush() {
    this.queue = [];
    this.now = null;
    this.stop?.();
    this.stop = null;
  }
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
