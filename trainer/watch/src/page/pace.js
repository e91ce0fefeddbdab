// How fast the page is drawn, and how long its script takes, for whoever looks at the page and for tests.

const PERIOD = 500;

/** Measures frames. */
export class Pace {
  constructor() {
    this.framesPerSecond = 0;
    this.began = 0;
    this.frames = 0;
    this.script = 0;
  }

  /** A frame of the time `now` was drawn, which took the script so long. */
  add(now, milliseconds) {
    if (!this.began) this.began = now;
    this.frames += 1;
    this.script += milliseconds;
    if (now - this.began >= PERIOD) this.finish(now);
  }

  /** A frame that was sent at `time` is drawn; not every source says when. */
  addLatency(time) {
    if (Number.isFinite(time)) document.documentElement.dataset.latencyMilliseconds = (Date.now() - time).toFixed(1);
  }

  /** Time that messages took outside of frames. */
  addScript(milliseconds) {
    this.script += milliseconds;
  }

  finish(now) {
    this.framesPerSecond = ((this.frames - 1) * 1000) / (now - this.began);
    const { dataset } = document.documentElement;
    dataset.framesPerSecond = this.framesPerSecond.toFixed(1);
    dataset.scriptMilliseconds = (this.script / this.frames).toFixed(2);
    Object.assign(this, { began: now, frames: 1, script: 0 });
  }
}
