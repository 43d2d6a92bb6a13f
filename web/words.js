// The page's own words, around the canvas, in the language of the screen. They stand in assets/words, a text a line;
// web/build puts the English ones into index.html, for the moment before this runs.
/** The languages besides English, whose words are fetched. */
const OTHERS = ["de", "fr", "es"];

/** The texts of a file by their names. */
export function parse(file) {
  const texts = file.matchAll(/^([a-z-]+) = (.*)$/gm);
  return Object.fromEntries([...texts].map(([, name, text]) => [name, text]));
}

let words = {};

/**
 * Puts the words of a language into the page's elements, which name theirs.
 * @param tag such as `de-CH`; English where the page has no such language
 * @param page the document, which has the English words in a template
 */
export async function translate(tag, page = document) {
  page.documentElement.lang = tag;
  const name = tag.split(/[-_.]/)[0].toLowerCase();
  const english = page.getElementById("english").content.textContent;
  const file = OTHERS.includes(name) ? await fetched(`page.${name}.ftl`) : english;
  // Another language may have been asked for meanwhile.
  if (page.documentElement.lang !== tag) return;
  words = { ...parse(english), ...parse(file) };
  for (const element of page.querySelectorAll("[data-words]")) element.textContent = word(element.dataset.words);
  for (const element of page.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}

/** A text file beside this one; without an answer nothing, so that the page stays English. */
async function fetched(name) {
  try {
    const response = await fetch(new URL(name, import.meta.url));
    return response.ok ? await response.text() : "";
  } catch {
    return "";
  }
}

/** A text with values put in. */
export function word(name, values = {}) {
  return (words[name] ?? name).replace(/\{ \$([a-z]+) \}/g, (whole, value) => values[value] ?? whole);
}
