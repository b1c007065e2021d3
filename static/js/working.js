// Says that a form is being worked on where that takes more than a moment, and for how long already.
// The page works without this: the browser shows that it is waiting.
const PATIENCE = 1000;

function seconds(since) {
  const passed = Math.round((Date.now() - since) / 1000);
  return passed === 1 ? "1 second" : `${passed} seconds`;
}

for (const form of document.querySelectorAll("form[data-working]")) {
  const state = form.querySelector("[data-working-state]");
  let timer = null;

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) {
      return;
    }
    const since = Date.now();
    const bar = document.createElement("progress");
    bar.className = "house-working__bar";
    bar.setAttribute("aria-label", form.dataset.working);
    const words = document.createElement("span");
    timer = window.setInterval(() => {
      if (!bar.isConnected) {
        // Said once to those who listen; the seconds are for those who look.
        const said = document.createElement("span");
        said.textContent = `${form.dataset.working}. Keep this page open. `;
        words.setAttribute("aria-hidden", "true");
        state.replaceChildren(said, words, bar);
      }
      words.textContent = `${seconds(since)} so far.`;
    }, PATIENCE);
  });

  // A page that comes back from the browser's memory has nothing under way.
  window.addEventListener("pageshow", () => {
    window.clearInterval(timer);
    state.replaceChildren();
  });
}
