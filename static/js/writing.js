// Formatting buttons over a text in Markdown, and live counts and quotations put in at the cursor.
// The page works without this: Markdown can be typed, and the same buttons then put their words at the end.
const text = document.querySelector("textarea[data-markdown]");
let entered = false;

const PLACEHOLDERS = { "**": "bold text", "*": "italic text" };
const LISTED = /^(?:- |\d+\. |> |#{1,6} )/;

// Through the browser's own command, so that it can be undone with Ctrl+Z.
function put(start, end, words) {
  text.focus();
  text.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function select(start, length) {
  text.setSelectionRange(start, start + length);
}

// The selection, without the white space at its edges.
function chosen() {
  let { selectionStart: start, selectionEnd: end } = text;
  while (start < end && /\s/.test(text.value[start])) start += 1;
  while (end > start && /\s/.test(text.value[end - 1])) end -= 1;
  return { start, end, words: text.value.slice(start, end) };
}

function marked(words, mark) {
  const around = (side) => side.startsWith(mark) && (mark.length > 1 || !side.startsWith("**") || side.startsWith("***"));
  const turned = [...words].reverse().join("");
  return words.length > 2 * mark.length && around(words) && around(turned);
}

function wrap(mark) {
  const { start, end, words } = chosen();
  const size = mark.length;
  const outside = text.value.slice(start - size, end + size);
  if (start >= size && marked(outside, mark)) {
    put(start - size, end + size, words);
    select(start - size, words.length);
  } else if (marked(words, mark)) {
    put(start, end, words.slice(size, -size));
    select(start, words.length - 2 * size);
  } else {
    const inside = words || PLACEHOLDERS[mark];
    put(start, end, mark + inside + mark);
    select(start + size, inside.length);
  }
}

// Whole lines, each with a mark before it; the same button takes the marks away.
function lines(markOf) {
  const { value } = text;
  const start = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(text.selectionEnd - 1, start));
  const end = next < 0 ? value.length : next;
  const old = value.slice(start, end).split("\n");
  const all = old.every((line, at) => line.startsWith(markOf(at)));
  const changed = old.map((line, at) => (all ? line.slice(markOf(at).length) : markOf(at) + line.replace(LISTED, "")));
  put(start, end, changed.join("\n"));
  select(start, changed.join("\n").length);
}

function link() {
  const { start, end, words } = chosen();
  const inside = words || "words of the link";
  put(start, end, `[${inside}](https://)`);
  select(start + inside.length + 3, "https://".length);
}

const TOOLS = [
  ["Bold", () => wrap("**"), "b"],
  ["Italic", () => wrap("*"), "i"],
  ["Heading", () => lines(() => "## ")],
  ["List", () => lines(() => "- ")],
  ["Numbered list", () => lines((at) => `${at + 1}. `)],
  ["Quotation", () => lines(() => "> ")],
  ["Link", link, "k"],
];

// One stop for the Tab key, arrows inside: the pattern of a toolbar.
function toolbar() {
  const bar = document.createElement("div");
  bar.className = "report-toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Formatting");
  bar.setAttribute("aria-controls", text.id);
  TOOLS.forEach(([name, act, key], place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "report-toolbar__button";
    button.textContent = name;
    button.tabIndex = place ? -1 : 0;
    if (key) {
      button.title = `${name} (Ctrl+${key.toUpperCase()})`;
      button.setAttribute("aria-keyshortcuts", `Control+${key.toUpperCase()}`);
    }
    button.addEventListener("click", act);
    bar.append(button);
  });
  bar.addEventListener("keydown", (event) => {
    const buttons = [...bar.children];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  });
  return bar;
}

function byKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const tool = TOOLS.find(([, , key]) => key === event.key.toLowerCase());
  if (tool) {
    event.preventDefault();
    tool[1]();
  }
}

// At the cursor; where nobody has been in the text yet, at its end. A block stands in a paragraph of its own.
function insert(button) {
  const { value } = text;
  const start = entered ? text.selectionStart : value.length;
  const end = entered ? text.selectionEnd : value.length;
  let words = button.value;
  if (button.dataset.insert === "block") {
    const before = value.slice(0, start).trimEnd();
    words = (before ? "\n\n" : "") + words + "\n\n";
    put(before.length, end + (value.slice(end).match(/^\s*/)[0].length), words);
  } else {
    const gap = /(?:^|[\s(“"])[*_]*$/.test(value.slice(0, start)) ? "" : " ";
    put(start, end, gap + words);
  }
  document.querySelector("[data-inserted]").textContent = `Put in: ${button.textContent.replace(/^Insert( the)?/, "").trim()}`;
}

// Narrows a long list while it is typed into; Enter puts in the only one left.
function find(box) {
  const input = box.querySelector("[data-find-in]");
  const found = box.querySelector("[data-found]");
  const list = document.querySelector(input.dataset.findIn);
  const groups = [...list.querySelectorAll("[data-group]")].map((group) => [group, group.open]);
  const shown = () => [...list.querySelectorAll("[data-findable]:not([hidden])")];
  box.hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const [group, wasOpen] of groups) {
      const items = [...group.querySelectorAll("[data-findable]")];
      for (const item of items) {
        const words = item.textContent.toLowerCase();
        item.hidden = !wanted.every((word) => words.includes(word));
      }
      group.hidden = items.every((item) => item.hidden);
      group.open = wanted.length ? true : wasOpen;
    }
    const left = shown().length;
    found.textContent = wanted.length ? `${left || "No"} ${left === 1 ? "count" : "counts"} found` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (input.value.trim() && shown().length === 1) shown()[0].querySelector("[data-insert]")?.click();
    }
  });
}

if (text) {
  text.before(toolbar());
  text.addEventListener("keydown", byKey);
  text.addEventListener("focus", () => { entered = true; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) {
      event.preventDefault();
      insert(button);
    }
  });
  document.querySelectorAll("[data-find]").forEach(find);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "preview") document.getElementById("preview-title").focus();
  });
}
