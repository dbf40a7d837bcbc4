// The assistant's text as nodes: bold, links, and numbers that a phone can call. Whatever else the text holds is shown as
// it is, its lines as lines.

const LINKED = new Set(["http:", "https:", "tel:", "mailto:"]);
const MARKS = [
  String.raw`\[(?<title>[^\][]{1,200})\]\((?<target>[^()\s]{1,2000})\)`,
  String.raw`\*\*(?<bold>[^*]{1,500})\*\*`,
  String.raw`(?<address>https?://[^\s<>"]{1,2000}[^\s<>".,;:!?)\]])`,
  String.raw`(?<email>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})`,
  String.raw`(?<![\d-])(?<urgent>911|988)(?![\d-])`,
];

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const MARK = new RegExp([...MARKS, ...(clinic.phone ? [`(?<phone>${escaped(clinic.phone)})`] : [])].join("|"), "g");

// The address of a link, or null for what no link may have: scripts, data, addresses within the page.
function linkAddress(target) {
  try {
    const address = new URL(target);
    return LINKED.has(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

function link(target, title) {
  const address = linkAddress(target);
  if (address === null) return document.createTextNode(title);
  if (!address.startsWith("http")) return element("a", { href: address }, title);
  const outside = { href: address, target: "_blank", rel: "noopener noreferrer" };
  return element("a", outside, title, spoken(` (${texts.new_tab})`));
}

function marked(match) {
  const { title, target, bold, address, email, urgent, phone } = match.groups;
  if (bold) return element("strong", {}, bold);
  if (address) return link(address, address);
  if (email) return link(`mailto:${email}`, email);
  if (urgent) return link(`tel:${urgent}`, urgent);
  if (phone) return link(clinic.phoneLink, phone);
  return linkAddress(target) === null ? document.createTextNode(match[0]) : link(target, title);
}

function richText(text) {
  const paragraph = element("p");
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    paragraph.append(text.slice(end, match.index), marked(match));
    end = match.index + match[0].length;
  }
  paragraph.append(text.slice(end));
  return paragraph;
}

// The assistant answers in English, but for some words of Spanish to those who write it.
function languageOf(text) {
  return /[¿¡áéíóúñ]/i.test(text) ? "es" : "en";
}
