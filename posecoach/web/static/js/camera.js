// The camera of this device: opened, told of when it fails, and reopened when it comes back.

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

export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraProblem(
      window.isSecureContext
        ? tr("This browser is too old for the camera: update it, or use another one.")
        : tr("The browser gives its camera to a secure page only: open the address that begins with https."),
    );
  }
  const device = chosenCamera();
  const video = device ? { ...WANTED, deviceId: { ideal: device } } : { ...WANTED, facingMode: { ideal: "user" } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new CameraProblem(reason(error));
  }
}

export async function cameras() {
  const found = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return found.filter((one) => one.kind === "videoinput");
}

export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
