// What this page's script tag asks for, over what the server sent along as CONFIGURATION.

// A module has no current script, so that its tag is looked up.
const scriptTag = document.currentScript ?? document.querySelector('script[src*="/webhooks/web/widget.js"]');

function attribute(name) {
  return scriptTag.dataset[name]?.trim() ?? "";
}

function chosenLanguage() {
  const wanted = [attribute("language"), document.documentElement.lang, ...navigator.languages];
  const codes = wanted.map((tag) => tag.toLowerCase().split("-")[0]);
  return codes.find((code) => Object.hasOwn(CONFIGURATION.languages, code)) ?? "en";
}

const language = chosenLanguage();
const texts = CONFIGURATION.languages[language];
const clinic = CONFIGURATION.clinic;

const options = {
  server: new URL(".", scriptTag.src).href,
  title: attribute("title") || clinic.name,
  launcher: attribute("label") || texts.launcher,
  greeting: attribute("greeting"),
  suggestions: (attribute("suggestions") || texts.suggestions).split("|").map((text) => text.trim()).filter(Boolean),
  // At the end of the page's lines, where little is read.
  position: attribute("position") || (getComputedStyle(document.documentElement).direction === "rtl" ? "left" : "right"),
  scheme: attribute("colorScheme"),
  accent: attribute("accent"),
};

// Fills the places of a text, such as {seconds}.
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
