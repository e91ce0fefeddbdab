// Values as an image: blue below zero, orange above it, the page's ground at zero.

const BELOW = [0, 114, 178];
const ABOVE = [213, 94, 0];
const LINE = 24;

/** Draws a matrix; returns the largest magnitude, which has the full colour. */
export function drawMatrix(canvas, values, rows, columns, ground) {
  // Longer sides lie.
  const [width, height] = rows > columns ? [rows, columns] : [columns, rows];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = rows > columns ? values[x * columns + y] : values[y * columns + x];
      const part = Math.sqrt(Math.abs(value) / Math.max(largest, 1));
      const full = value < 0 ? BELOW : ABOVE;
      const at = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel += 1) {
        image.data[at + channel] = ground[channel] + part * (full[channel] - ground[channel]);
      }
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  const proportional = Math.min(220, (canvas.clientWidth * height) / width);
  canvas.style.height = `${height === 1 ? LINE : Math.max(LINE, proportional)}px`;
  return largest;
}
