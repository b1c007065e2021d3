// Select words of a text with the keyboard alone: a text takes the focus, arrows go word by word, and with
// Shift they take more. Browsers show no caret in a page, so the word that was reached is selected.
const STEPS = {
  ArrowRight: ["forward", "word"],
  ArrowLeft: ["backward", "word"],
  ArrowDown: ["forward", "line"],
  ArrowUp: ["backward", "line"],
};
// Where each text was left, in code points: a text is drawn anew after a tag.
const left = new Map();

function textOf(event) {
  return event.target instanceof Element ? event.target.closest("[data-text]") : null;
}

// The text nodes that hold words of the text: the numbers of passages are left out.
function* nodesOf(text) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("[data-outside]")) {
      yield node;
    }
  }
}

function placeAt(text, point) {
  const selection = document.getSelection();
  let before = point;
  for (const node of nodesOf(text)) {
    const points = Array.from(node.data);
    if (before <= points.length) {
      selection.collapse(node, points.slice(0, before).join("").length);
      return;
    }
    before -= points.length;
  }
  selection.collapse(text, 0);
}

function pointOf(text, node, offset) {
  let points = 0;
  for (const each of nodesOf(text)) {
    if (each === node) {
      return points + Array.from(each.data.slice(0, offset)).length;
    }
    if (each.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING) {
      return points;
    }
    points += Array.from(each.data).length;
  }
  return points;
}

function step(text, [direction, unit], extend) {
  const selection = document.getSelection();
  const here = selection.focusNode && text.contains(selection.focusNode) && selection.focusNode !== text;
  if (!here) {
    placeAt(text, left.get(text.closest("[data-text-block]").id) ?? 0);
  }
  if (extend) {
    selection.modify("extend", direction, unit);
  } else {
    // Go on from the end that was moved last, then take the word that begins there.
    selection.collapse(selection.focusNode, selection.focusOffset);
    if (direction === "backward") {
      selection.modify("move", "backward", unit);
      selection.modify("move", "backward", "word");
    } else if (unit === "line") {
      selection.modify("move", "forward", "line");
    }
    selection.modify("extend", "forward", "word");
  }
  if (!text.contains(selection.focusNode)) {
    selection.setBaseAndExtent(selection.anchorNode, selection.anchorOffset, text, direction === "forward" ? text.childNodes.length : 0);
  }
  left.set(text.closest("[data-text-block]").id, pointOf(text, selection.focusNode, selection.focusOffset));
  selection.focusNode.parentElement?.scrollIntoView?.({ block: "nearest" });
}

for (const text of document.querySelectorAll("[data-text]")) {
  text.tabIndex = 0;
}

document.addEventListener("keydown", (event) => {
  const text = textOf(event);
  if (text && event.target === text && STEPS[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    step(text, STEPS[event.key], event.shiftKey);
  }
});

// A text that was drawn anew while it had the focus takes it again.
let focused = "";
document.body.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.closest("[data-text]")?.closest("[data-text-block]")?.id ?? "";
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const text of document.querySelectorAll("[data-text]")) {
    text.tabIndex = 0;
  }
  if (focused) {
    document.getElementById(focused)?.querySelector("[data-text]")?.focus({ preventScroll: true });
    focused = "";
  }
});
