// Starts GOV.UK Frontend on the page, and on what htmx brings in later. Every page works without this.
const { frontend } = document.querySelector("script[data-frontend]").dataset;

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

// What a part of a page sent and the service did not do. htmx leaves the page as it is, and follows a redirect
// to the sign-in page as if it were the answer: whoever asked has to be told.
const notDone = document.querySelector("[data-not-done]");
const RELOAD = "Reload this page and do it again.";

function pathOf(address) {
  return new URL(address, document.baseURI).pathname;
}

function isElsewhere({ responsePath, requestPath }) {
  return Boolean(responsePath) && pathOf(responsePath) !== pathOf(requestPath);
}

// Empty where the answer was the one asked for, a refusal with its own message among them.
function whyNotDone({ xhr, pathInfo, requestConfig: { elt } }) {
  if (!xhr.status) {
    return "there is no connection. Do it again when it is back.";
  }
  if (isElsewhere(pathInfo)) {
    return "you have been signed out. Sign in in another tab, then reload this page and do it again.";
  }
  if (xhr.status < 400 || xhr.status === 409 || xhr.status === 422) {
    return "";
  }
  if (xhr.status === 403) {
    return `you have signed in anew since this page was opened, or may not do this any more. ${RELOAD}`;
  }
  if (xhr.status === 404) {
    const words = elt.querySelector("textarea:not([readonly])")?.value.trim() ? "Copy what you typed first. " : "";
    return `what this was about is not there any more. ${words}${RELOAD}`;
  }
  return "something went wrong here. Wait a moment and do it again.";
}

function sayNotDone(why, signedOut) {
  notDone.textContent = why && `Not done: ${why}`;
  if (signedOut) {
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = document.body.dataset.signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in";
    notDone.append(" ", link);
  }
}

document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (isElsewhere(detail.pathInfo)) {
    detail.shouldSwap = false;
  }
});
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  const why = whyNotDone(detail);
  sayNotDone(why, isElsewhere(detail.pathInfo));
  const { xhr, requestConfig: { elt } } = detail;
  document.dispatchEvent(new CustomEvent("house:answered", { detail: { elt, xhr, done: !why } }));
});

// Last: what follows an await comes a moment after the page can be used.
const { initAll } = await import(frontend);
initAll();

document.body.addEventListener("htmx:afterSwap", (event) => {
  initAll({ scope: event.detail.elt });
});
