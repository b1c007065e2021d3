// Saves a form while it is typed into, so that a time-out, a closed tab or a lost connection loses nothing.
// The page works without this: a button saves the draft too.
const form = document.querySelector("form[data-draft]");
const state = form?.querySelector("[data-draft-state]");

const PAUSE = 1000;
const AGAIN = 5000;
let waiting = null;
let unsaved = false;
let saving = false;
let stopped = false;

function say(words) {
  state.textContent = words;
}

function sayWithLink(words, address, link) {
  const anchor = document.createElement("a");
  anchor.className = "govuk-link";
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener";
  anchor.textContent = link;
  state.replaceChildren(words, " ", anchor);
}

function later(pause) {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(save, pause);
}

function changed() {
  if (!stopped) {
    unsaved = true;
    later(PAUSE);
  }
}

async function save({ leaving = false } = {}) {
  window.clearTimeout(waiting);
  if (!unsaved || stopped || (saving && !leaving)) {
    return;
  }
  saving = true;
  unsaved = false;
  say("Saving the draft…");
  let pause = PAUSE;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      redirect: "manual",
      keepalive: leaving,
    });
    pause = await read(answer);
  } catch {
    unsaved = true;
    pause = AGAIN;
    say("Not saved: there is no connection. Trying again.");
  }
  saving = false;
  if (unsaved && !stopped) {
    later(pause);
  }
}

// What the answer says; gives how long to wait before what is not saved is tried again.
async function read(answer) {
  if (answer.ok) {
    const { revision, saved } = await answer.json();
    form.elements.draft_revision.value = revision;
    say(`Draft saved at ${saved}`);
    return PAUSE;
  }
  if (answer.status === 409) {
    stopped = true;
    const { problem } = await answer.json();
    say(`Not saved. ${problem}`);
    return PAUSE;
  }
  unsaved = true;
  const refused = answer.status === 403;
  if (refused && (await signedIn())) {
    return 0;
  }
  if (refused || answer.type === "opaqueredirect") {
    sayWithLink("Not saved: you have been signed out.", form.dataset.signIn, "Sign in in another tab, and saving goes on here");
  } else {
    say("Not saved: something went wrong. Trying again.");
  }
  return AGAIN;
}

// Whoever signs in again has a new token: the form needs it too, to be sent by its buttons.
async function signedIn() {
  const answer = await fetch(form.dataset.draft, { headers: { Accept: "application/json" }, redirect: "manual" });
  if (!answer.ok) {
    return false;
  }
  const { csrf } = await answer.json();
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = csrf; });
  return true;
}

if (form && state) {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { stopped = true; });
  window.addEventListener("online", () => save());
  window.addEventListener("focus", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      save({ leaving: true });
    }
  });
}
