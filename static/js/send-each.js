// Several pictures go one after another, each with its own bar: on a slow line one sees that something moves, and one
// that is lost does not take the others along.
export function sendEach(root) {
  for (const form of root.querySelectorAll("[data-sends-each]")) {
    form.addEventListener("submit", (event) => {
      const input = form.querySelector("input[type=file]");
      if (!input.files.length) return;
      event.preventDefault();
      send(form, input);
    });
  }
}

async function send(form, input) {
  const list = form.querySelector("output");
  const lines = Array.from(input.files, (file) => line(file, form.dataset.sending));
  const button = form.querySelector("button");
  let refused = 0;

  list.replaceChildren(...lines.map((one) => one.row));
  button.disabled = true;
  for (const [place, file] of Array.from(input.files).entries()) {
    const why = await sendOne(form, input.name, file, lines[place].bar);
    lines[place].bar.remove();
    lines[place].said.textContent = why ?? form.dataset.sentOne;
    lines[place].said.className = why === null ? "good" : "poor";
    refused += why === null ? 0 : 1;
  }
  button.disabled = false;
  if (refused === 0) return location.reload();
  input.value = "";
  list.append(onward(form));
}

function onward(form) {
  const link = document.createElement("a");

  link.classList.add("link", "tap");
  link.href = form.action;
  link.textContent = form.dataset.onward;
  return link;
}

// Null when it was taken, else why not, as the page says it that a browser without script would show.
function sendOne(form, name, file, bar) {
  const body = new FormData(form);
  const request = new XMLHttpRequest();

  body.delete(name);
  body.append(name, file, file.name);
  return new Promise((done) => {
    request.upload.addEventListener("progress", (event) => {
      bar.max = event.total;
      bar.value = event.loaded;
    });
    request.addEventListener("load", () => done(request.status < 300 ? null : reason(form, request)));
    request.addEventListener("error", () => done(form.dataset.lost));
    request.responseType = "document";
    request.open("POST", form.action);
    request.send(body);
  });
}

function reason(form, request) {
  const said = request.response?.querySelector("[data-refused] .poor, .notice[data-kind=bad], .error-page p");
  return said?.textContent.trim() || form.dataset.lost;
}

function line(file, words) {
  const row = document.createElement("span");
  const name = document.createElement("b");
  const said = document.createElement("span");
  const bar = document.createElement("progress");

  row.className = "album-sent";
  name.textContent = file.name;
  said.textContent = words;
  bar.setAttribute("aria-label", file.name);
  row.append(name, said, bar);
  return { row, said, bar };
}
