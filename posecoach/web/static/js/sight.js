// The camera through a session: shown, changed for another, and tried again when it is gone.

import { CameraProblem, choices, chooseCamera, chooseNext, closeCamera, openCamera } from "./camera.js";

const REOPEN_MS = 2000; // between two tries to get a lost camera back
const SLOWEST_CAMERA_MS = 500;

export class Sight {
  // `picture(video, stamp)` is called with every picture, `lost()` when the camera is gone, and `warn(error)` with why
  // it cannot be had back, or with null.
  constructor(stage, { picture, lost, warn }) {
    Object.assign(this, { stage, picture, lost, warn });
    this.closed = false;
    this.several = false; // cameras that can be chosen
  }

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
      if (this.closed || video.srcObject !== this.stream) return;
      this.picture(video, taken(now, metadata?.captureTime));
      again();
    };
    const again = () =>
      video.requestVideoFrameCallback ? video.requestVideoFrameCallback(take) : setTimeout(() => take(performance.now()), 50);
    again();
  }

  // Opens the chosen camera and goes on with it.
  async open() {
    const stream = await openCamera();
    if (this.closed) return closeCamera(stream);
    this.warn(null);
    await this.see(stream);
  }

  // Goes on with the next camera of this device.
  async another() {
    const before = await chooseNext(this.stream);
    closeCamera(this.stream); // some devices open one at a time
    try {
      await this.open();
    } catch (error) {
      if (!(error instanceof CameraProblem)) throw error;
      chooseCamera(before);
      await this.blind();
    }
  }

  // The camera is gone: told at once, and tried again until it is back.
  async blind() {
    if (this.closed) return;
    this.lost();
    while (!this.closed) {
      await new Promise((resolve) => setTimeout(resolve, REOPEN_MS));
      try {
        return await this.open();
      } catch (error) {
        if (!(error instanceof CameraProblem)) throw error;
        this.warn(error);
      }
    }
  }

  close() {
    this.closed = true;
    closeCamera(this.stream);
  }
}

// When a picture was taken; some cameras do not say, or say it by another clock.
function taken(now, said) {
  return said > now - SLOWEST_CAMERA_MS && said <= now ? said : now;
}
