// Tag the words selected in a text: choose a theme in the panel, or press its number.
// Positions are code points of the text as it is stored: numbers and labels inside it are left out.
const panel = document.querySelector("[data-theme-panel]");
const state = panel?.querySelector("[data-tag-state]");
const keys = panel?.querySelector("[data-number-keys]");
const find = panel?.querySelector("[data-find-theme]");
let chosen = null;
let saving = null;

const LONGEST_SHOWN = 60;
const STRAND_OF = { finding: "desk-top review", note: "feedback from professionals" };

function pointsOf(range) {
  const copy = range.cloneContents();
  copy.querySelectorAll("[data-outside]").forEach((label) => label.remove());
  return Array.from(copy.textContent);
}

function selectedPassage() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) {
    return null;
  }
  const range = selection.getRangeAt(0);
  const start = elementAt(range.startContainer)?.closest("[data-text]");
  const text = start ?? elementAt(range.endContainer)?.closest("[data-text]");
  const block = text?.closest("[data-text-block][data-tag-url]");
  if (!block) {
    return null;
  }
  // A selection that runs over the edge of its text ends there.
  const inside = document.createRange();
  inside.selectNodeContents(text);
  if (text.contains(range.startContainer)) {
    inside.setStart(range.startContainer, range.startOffset);
  }
  if (text.contains(range.endContainer)) {
    inside.setEnd(range.endContainer, range.endOffset);
  }
  // A long text stands in parts that each know where they begin: only the part before the words is counted.
  const part = elementAt(inside.startContainer).closest("[data-start]") ?? text;
  const before = document.createRange();
  before.selectNodeContents(part);
  before.setEnd(inside.startContainer, inside.startOffset);
  const words = pointsOf(inside);
  if (words.join("").trim() === "") {
    return null;
  }
  const first = Number(part.dataset.start ?? 0) + pointsOf(before).length;
  return { block: block.id, url: block.dataset.tagUrl, kind: block.dataset.kind, start: first, end: first + words.length, words: words.join("") };
}

function elementAt(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
}

function shortened(words) {
  const points = Array.from(words.trim().replace(/\s+/g, " "));
  return points.length > LONGEST_SHOWN ? `${points.slice(0, LONGEST_SHOWN).join("")}…` : points.join("");
}

function say(words) {
  state.textContent = words;
}

function isSaving(passage) {
  return saving !== null && ["block", "start", "end"].every((part) => saving[part] === passage?.[part]);
}

// The browser tells of a changed selection a moment later: who is quicker must not tag the words before, nor
// the same words twice.
function lookAtSelection() {
  const passage = selectedPassage();
  if (isSaving(passage)) {
    return null;
  }
  if (passage) {
    chosen = passage;
  } else if (chosen && !panel.contains(document.activeElement)) {
    chosen = null;
    say("");
  }
  return passage;
}

async function tagWith(button) {
  if (!chosen) {
    say("Select some words first.");
    return;
  }
  const { block, url, start, end, words } = chosen;
  const name = button.dataset.name;
  const target = document.getElementById(block);
  saving = chosen;
  chosen = null;
  document.querySelectorAll("[data-undo]").forEach((offer) => { offer.remove(); });
  say("Saving…");
  // A text by itself is not drawn again as a whole: the answer brings its changed parts along.
  const { answer } = target.dataset;
  const done = await answered(target, () => window.htmx.ajax("POST", url, {
    source: target,
    target: `#${answer ?? block}`,
    swap: answer ? "innerHTML" : "outerHTML",
    values: { start, end, words, theme: button.dataset.theme },
  }));
  const tried = saving;
  saving = null;
  if (!done) {
    say("Not tagged.");
    chosen ??= tried;
    return;
  }
  const problem = document.getElementById(answer ?? block)?.querySelector(".govuk-error-message");
  say(problem ? "Not tagged. See the message at the text." : `Tagged “${shortened(words)}” with ${name}.`);
  // Words that were selected in the meantime stay selected.
  if (!chosen) {
    document.getSelection()?.removeAllRanges();
  }
}

// Send it, and tell whether the service did what was asked.
async function answered(element, send) {
  let done = false;
  const take = ({ detail }) => {
    if (detail.elt === element) {
      ({ done } = detail);
    }
  };
  document.addEventListener("house:answered", take);
  try {
    await send();
  } catch {
    done = false;
  } finally {
    document.removeEventListener("house:answered", take);
  }
  return done;
}

// The number of a passage in a text by itself shows the passage beside it.
function showPassage(event) {
  const link = event.target.closest("[data-passage]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    window.htmx.ajax("GET", link.href, { target: "#passage-here", swap: "outerHTML" })
      .then(() => document.getElementById("passage-here").focus());
  }
}

function keysOn() {
  return keys.getAttribute("aria-pressed") === "true";
}

// The themes whose name holds what is typed, those of the selected text's strand first.
function found() {
  const typed = find.value.trim().toLocaleLowerCase("en-GB");
  const fitting = Array.from(panel.querySelectorAll("[data-theme]")).filter((button) =>
    button.dataset.name.toLocaleLowerCase("en-GB").includes(typed));
  const strand = chosen && STRAND_OF[chosen.kind];
  const own = (button) => (button.closest("[data-strand]").dataset.strand === strand ? 0 : 1);
  return fitting.sort((a, b) => own(a) - own(b));
}

function showFound() {
  const fitting = found();
  panel.querySelectorAll("[data-theme]").forEach((button) => {
    button.closest("li").hidden = !fitting.includes(button);
  });
  if (find.value.trim()) {
    say(fitting.length ? `Enter tags with ${fitting[0].dataset.name}.` : "No theme has this in its name.");
  }
}

function clearFind() {
  find.value = "";
  showFound();
}

function start() {
  panel.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
  panel.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
  document.addEventListener("selectionchange", () => {
    const passage = lookAtSelection();
    if (passage) {
      say(`Selected: “${shortened(passage.words)}”`);
    }
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme]");
    if (button) {
      lookAtSelection();
      tagWith(button);
    }
  });
  // Buttons take the focus without taking the selection away.
  panel.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-theme]")) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", showPassage);
  document.addEventListener("house:answered", ({ detail: { elt, done } }) => {
    if (elt.closest("[data-undo]")) {
      say(done ? "Undone." : "Not undone.");
    }
  });
  find.addEventListener("input", showFound);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      clearFind();
      find.blur();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const first = found()[0];
      if (first && find.value.trim()) {
        tagWith(first);
        clearFind();
        find.blur();
      }
    }
  });
  keys.addEventListener("click", () => {
    const on = keys.getAttribute("aria-pressed") !== "true";
    keys.setAttribute("aria-pressed", String(on));
    keys.textContent = on ? "Number keys are on" : "Number keys are off";
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!typing && plain && keysOn() && event.key === "/") {
      event.preventDefault();
      find.focus();
      return;
    }
    if (!typing && plain && keysOn() && event.key === "u") {
      const undo = document.querySelector("[data-undo] button");
      if (undo) {
        event.preventDefault();
        say("Undoing…");
        undo.click();
      }
      return;
    }
    if (typing || !plain || !/^[1-9]$/.test(event.key) || !keysOn()) {
      return;
    }
    lookAtSelection();
    if (!chosen) {
      return;
    }
    const themes = panel.querySelectorAll(`[data-strand="${STRAND_OF[chosen.kind]}"] [data-theme]`);
    const button = themes[Number(event.key) - 1];
    if (button) {
      event.preventDefault();
      tagWith(button);
    }
  });
}

if (state && keys) {
  start();
}
