// Small helpers for the elements of the page.

/** The element with an id. */
export const find = (id) => document.getElementById(id);

/** A new element. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** Writes a text where it differs: an equal one would cost a layout. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A section with a title. */
export function makeSection(title, className = "") {
  const element = make("section", className);
  element.append(make("h2", "", title));
  return element;
}

/** A button. */
export function makeButton(text, action, className = "") {
  const button = make("button", className, text);
  button.type = "button";
  button.onclick = action;
  return button;
}

/** A canvas that says what it shows. */
export function makeCanvas(label, className = "") {
  const canvas = make("canvas", className);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

/** A copy of the first element of a template. */
export const copyTemplate = (id) => find(id).content.firstElementChild.cloneNode(true);

/** Offers data as a file. */
export function download(name, data, type) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** How far beyond the screen what is drawn begins to count as seen. */
const NEAR = { rootMargin: "300px" };

/** Whether an element is on the screen, as an object that is kept up to date. */
export function watchVisibility(element) {
  const visibility = { isVisible: true };
  const observer = new IntersectionObserver(([entry]) => (visibility.isVisible = entry.isIntersecting), NEAR);
  observer.observe(element);
  return visibility;
}

/** Calls `action(width)` when an element has another width, without asking for a layout. */
export function watchWidth(element, action) {
  let before = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width !== before && width > 0) action((before = width));
  });
  observer.observe(element);
}
