// Making elements. Text only ever becomes text nodes, and no attribute here can hold script or style.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 4h16v12H11l-5 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-6 16-3-6z",
  down: "M12 5v13M6 12l6 6 6-6",
};

// Attributes named `on...` are listeners; those that are null or false are left out.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function button(className, label, onclick, attributes = {}) {
  return element("button", { type: "button", class: className, onclick, ...attributes }, label);
}

function icon(name) {
  const image = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    image.setAttribute(key, value);
  }
  path.setAttribute("d", ICONS[name]);
  image.append(path);
  return image;
}

// Read aloud, but not shown.
function spoken(text) {
  return element("span", { class: "spoken" }, text);
}

// The hour of a moment, with its day unless that is today.
function timeElement(moment) {
  const today = new Date().toDateString() === moment.toDateString();
  const style = { timeStyle: "short", dateStyle: today ? undefined : "medium" };
  return element("time", { datetime: moment.toISOString() }, new Intl.DateTimeFormat(language, style).format(moment));
}

function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Names a message once and for all, so that it can be sent again without being taken for another. Not by
// crypto.randomUUID, which pages without HTTPS lack.
function newMessageId() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
