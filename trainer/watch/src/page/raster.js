// The raster: a row for each neuron, a column for each step, the newest at the right.

const LABEL_WIDTH = 90;
const GAP = 6;
const MOST_HEIGHT = 420;
const COLUMN = 3;

/** The size of a canvas in its own pixels, and its drawing context, which counts those of the page. */
export function prepared(canvas, height) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.style.height = `${height}px`;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

/** A colour of the page's style. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export class Raster {
  constructor(canvas, populations) {
    this.canvas = canvas;
    this.populations = populations;
    this.columns = [];
    const neurons = populations.reduce((sum, { size }) => sum + size, 0);
    const room = MOST_HEIGHT - GAP * populations.length;
    this.pitch = Math.max(0.25, Math.min(7, room / Math.max(neurons, 1)));
  }

  clear() {
    this.columns = [];
  }

  /** Adds steps: flags of each, and the bits of each population's spikes. */
  add(flags, arrays, skipped) {
    if (skipped > 0) this.columns.push({ gap: true });
    for (let step = 0; step < flags.length; step += 1) {
      const spikes = this.populations.map(({ name, bytes }) => arrays.get(name).subarray(step * bytes, (step + 1) * bytes));
      this.columns.push({ flag: flags[step], spikes });
    }
    const most = Math.ceil(this.canvas.clientWidth / COLUMN) + 1;
    if (this.columns.length > most) this.columns.splice(0, this.columns.length - most);
  }

  draw() {
    const heights = this.populations.map(({ size }) => Math.max(14, size * this.pitch));
    const height = heights.reduce((sum, one) => sum + one + GAP, 0);
    const { context, width } = prepared(this.canvas, height);
    context.clearRect(0, 0, width, height);
    const [ink, soft, line] = ["--ink", "--soft", "--line"].map(colour);
    const flags = [[1, colour("--labelled")], [2, colour("--modulated")]];
    const first = width - this.columns.length * COLUMN;
    this.columns.forEach(({ flag, gap }, index) => {
      const x = first + index * COLUMN;
      if (x < LABEL_WIDTH) return;
      if (gap) {
        context.fillStyle = line;
        context.fillRect(x + 1, 0, 1, height);
        return;
      }
      for (const [bit, style] of flags) {
        if (flag & bit) {
          context.fillStyle = style;
          context.fillRect(x, 0, COLUMN, height);
        }
      }
      if (flag & 4) {
        context.fillStyle = soft;
        context.fillRect(x, 0, 1, height);
      }
    });
    let top = 0;
    this.populations.forEach(({ label, size }, population) => {
      context.fillStyle = soft;
      context.font = "13px system-ui, sans-serif";
      context.fillText(label, 0, top + 12, LABEL_WIDTH - 6);
      context.fillStyle = ink;
      const pitch = heights[population] / size;
      this.columns.forEach(({ spikes, gap }, index) => {
        const x = first + index * COLUMN;
        if (gap || x < LABEL_WIDTH) return;
        const bytes = spikes[population];
        for (let byte = 0; byte < bytes.length; byte += 1) {
          for (let bits = bytes[byte], neuron = 8 * byte; bits > 0; bits >>= 1, neuron += 1) {
            if (bits & 1) context.fillRect(x, top + neuron * pitch, COLUMN - 1, Math.max(1, Math.min(pitch - 0.5, 5)));
          }
        }
      });
      top += heights[population] + GAP;
    });
  }
}
