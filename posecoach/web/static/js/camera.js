// The camera of this device: opened, told of when it fails, and reopened when it comes back.

import { button } from "./dom.js";
import { tr } from "./server.js";

const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

export class CameraProblem extends Error {}

function reason(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return tr("The browser may not use the camera: allow it for this page, at the left of the address, and try again.");
    case "NotFoundError":
    case "OverconstrainedError":
      return tr("There is no camera here: connect one, or use your phone, and try again.");
    case "NotReadableError":
    case "AbortError":
      return tr("The camera cannot be used just now: close the other program that uses it, and try again.");
    default:
      return tr("The camera does not work here: try another browser or another camera.");
  }
}

export function chosenCamera() {
  return localStorage.getItem("camera") ?? "";
}

export function chooseCamera(id) {
  localStorage.setItem("camera", id);
}

export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraProblem(
      window.isSecureContext
        ? tr("This browser is too old for the camera: update it, or use another one.")
        : tr("The browser gives its camera to a secure page only: open the address that begins with https."),
    );
  }
  const device = chosenCamera();
  try {
    // Were it only preferred, another one with larger pictures would be opened.
    if (device) return await open({ deviceId: { exact: device } });
  } catch (error) {
    if (error.name !== "OverconstrainedError") throw new CameraProblem(reason(error));
    // It is not connected any more.
  }
  try {
    return await open({ facingMode: { ideal: "user" } });
  } catch (error) {
    throw new CameraProblem(reason(error));
  }
}

function open(which) {
  return navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...which }, audio: false });
}

export async function cameras() {
  const found = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return found.filter((one) => one.kind === "videoinput");
}

// The cameras that can be chosen: before a page may use one, browsers tell neither how many there are nor which.
export async function choices() {
  return (await cameras()).filter((one) => one.deviceId);
}

// What a camera is called, by the place that it has among the others.
export function called(camera, place) {
  return camera.label || `${tr("Camera")} ${place + 1}`;
}

// Chooses the one after that of `stream`; returns what was chosen before.
export async function chooseNext(stream) {
  const before = chosenCamera();
  const found = await choices();
  const used = stream.getVideoTracks()[0]?.getSettings().deviceId;
  const next = found[(found.findIndex((one) => one.deviceId === used) + 1) % found.length];
  chooseCamera(next?.deviceId ?? "");
  return before;
}

// A button for each camera, where there are several.
export async function offered(chosen) {
  const found = await choices();
  if (found.length < 2) return [];
  const take = (id) => {
    chooseCamera(id);
    chosen();
  };
  return found.map((one, place) => button(called(one, place), () => take(one.deviceId)));
}

export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
