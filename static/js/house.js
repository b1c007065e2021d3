// Starts GOV.UK Frontend on the page, and on what htmx brings in later. Every page works without this.
const { frontend } = document.querySelector("script[data-frontend]").dataset;

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

const { initAll } = await import(frontend);
initAll();

document.body.addEventListener("htmx:afterSwap", (event) => {
  initAll({ scope: event.detail.elt });
});
