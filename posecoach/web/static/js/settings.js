// Language, voice, sound and camera; what is chosen here holds for the other commands too.

import { called, cameras, chooseCamera, chosenCamera } from "./camera.js";
import { button, h, show } from "./dom.js";
import { ask, refresh, state, tr } from "./server.js";
import { Voice } from "./voice.js";

export async function settings() {
  const all = await cameras();
  const found = all.filter((one) => one.deviceId);
  const untold = all.length > found.length;
  const voices = "speechSynthesis" in window ? speechSynthesis.getVoices() : [];
  const able = voices.filter((one) => one.localService && one.lang.toLowerCase().startsWith(state.language));
  const set = async (change) => {
    await refresh(await ask("/api/settings", change));
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  };
  const try_ = () => {
    const voice = new Voice(() => {}, () => {});
    voice.unlock();
    voice.say({ kind: "page", text: tr("That is it. Hold, and breathe slowly"), tone: "start", cuts: true });
  };
  show(
    h("h1", {}, tr("Settings")),
    field(tr("Language"), select(state.settings.language, [["", tr("Same as this browser")], ...state.languages],
      (language) => set({ language }))),
    field(tr("Sound"), select(state.settings.sound, [["voice", tr("Words and tones")], ["tones", tr("Tones")], ["off", tr("Nothing")]],
      (sound) => set({ sound }))),
    field(tr("How much the coach says"), select(state.settings.words, [["few", tr("Few words")], ["normal", tr("As much as is useful")], ["many", tr("Many words")]],
      (words) => set({ words }))),
    able.length > 1 && field(tr("Voice"), select(localStorage.getItem("voice") ?? "",
      [["", tr("Default")], ...able.map((one) => [one.name, one.name])], (name) => localStorage.setItem("voice", name))),
    field(tr("Volume"), range(state.settings.volume, state.limits.volume, (volume) => set({ volume }))),
    field(tr("Speaking speed"), range(state.settings.rate, state.limits.rate, (rate) => set({ rate }))),
    h("p", {}, button(tr("Listen"), try_)),
    found.length > 1 && field(tr("Camera"), select(chosenCamera(),
      [["", tr("Default")], ...found.map((one, place) => [one.deviceId, called(one, place)])], chooseCamera)),
    untold && h("p", { class: "quiet" }, tr("Which camera is used can be chosen here once the browser has allowed this page a camera.")),
    field(tr("Picture"), select(`${state.settings.mirror}`, [["true", tr("As in a mirror")], ["false", tr("As others see you")]],
      (mirror) => set({ mirror: mirror === "true" }))),
    h("p", {}, h("a", { class: "button", href: "#/safety" }, tr("Answer the safety questions again"))),
    h("p", { class: "quiet" }, tr("No picture leaves the computer with posecoach, and none is kept.")),
  );
}

function field(label, control) {
  const id = `f${field.count = (field.count ?? 0) + 1}`;
  control.id = id;
  return h("p", { class: "field" }, h("label", { for: id }, label), control);
}

function select(value, options, chosen) {
  const control = h("select", { onchange: () => chosen(control.value) },
    options.map(([key, text]) => h("option", { value: key }, text)));
  control.value = value;
  return control;
}

function range(value, [min, max], chosen) {
  const control = h("input", { type: "range", min, max, step: 5, onchange: () => chosen(Number(control.value)) });
  control.value = value;
  return control;
}
