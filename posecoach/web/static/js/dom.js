// Elements in one call: h("p", { class: "note" }, "text", child).

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function button(text, onclick, kind = "") {
  return h("button", { type: "button", class: kind, onclick }, text);
}

// Shows a page, and moves the focus to its beginning, as following a link does.
export function show(...content) {
  const page = document.getElementById("page");
  page.replaceChildren(...content.flat().filter(Boolean));
  const heading = page.querySelector("h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    document.title = `${heading.textContent} · posecoach`;
  }
  window.scrollTo(0, 0);
}

export function problem(text) {
  return h("p", { class: "problem", role: "alert" }, text);
}

// Asks before something that cannot be undone; resolves to true or false.
export async function sure(question, yes, no) {
  return (await asked(question, yes, no)) === "yes";
}

// Asks over the page; resolves to "yes", "no" or, where Esc left it open, "".
export function asked(question, yes, no) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { "aria-label": question },
      h("p", {}, question),
      h("div", { class: "row" },
        button(no, () => dialog.close("no")),
        button(yes, () => dialog.close("yes"), "danger")),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
