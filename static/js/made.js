// Parts of a page that a script adds: a tag, its attributes, its words.
export function made(tag, attributes, text = "") {
  const part = document.createElement(tag);
  set(part, attributes);
  part.textContent = text;
  return part;
}

export function set(part, attributes) {
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
}
