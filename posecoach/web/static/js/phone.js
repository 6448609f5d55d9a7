// How a phone becomes the camera.

import { h, show } from "./dom.js";
import { state, tr } from "./server.js";

export async function phone() {
  if (!state.phone) throw new Error(tr("Start posecoach with 'posecoach serve --lan' to use a phone."));
  show(
    h("h1", {}, tr("Use a phone")),
    h("p", { class: "lead" }, tr("Scan this with the phone's camera. Phone and computer have to be on the same network.")),
    h("img", { class: "qr", src: state.phone.qr, alt: tr("QR code of the address below"), width: 300, height: 300 }),
    h("p", { class: "address" }, state.phone.address),
    h("p", {}, state.phone.warning),
  );
}
