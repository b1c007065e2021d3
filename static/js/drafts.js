// Saves forms while they are typed into, so that a time-out, a closed tab or a lost connection loses nothing.
// The page works without this: a button saves the draft too, or what was refused is kept.
const PAUSE = 1000;
const AGAIN = 5000;
// After this long without an answer the session may have ended: a form is not sent before that is known.
const UNHEARD = 60_000;
// The browser sends no more than 64 KB of what a page leaves behind.
const LEFT_BEHIND = 60_000;
const keepers = new Set();

function keeperOf(form) {
  const known = [...keepers].find((keeper) => keeper.form === form);
  return known ?? new Keeper(form);
}

// A form that was never typed into before brings neither the draft's token nor its revision along.
function field(form, name, value) {
  if (!form.elements[name]) {
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name, value });
    form.append(hidden);
  }
  return form.elements[name];
}

function newToken() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Whose page this is: what one person typed is no draft of the next who signs in at this browser.
function asked() {
  return { Accept: "application/json", "X-Account": document.body.dataset.account };
}

// Whoever signs in again has a new token: forms need it too, to be sent by their buttons.
async function takeToken(answer) {
  const { csrf } = await answer.json();
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": csrf }));
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((hidden) => { hidden.value = csrf; });
}

class Keeper {
  waiting = null;
  unsaved = false;
  underWay = 0;
  stopped = false;
  failing = false;
  asking = false;
  heard = Date.now();

  constructor(form) {
    keepers.add(this);
    this.take(form);
  }

  take(form) {
    this.form = form;
    this.state = form.querySelector("[data-draft-state]");
    if (!this.state) {
      this.state = document.createElement("p");
      this.state.className = "house-draft-state";
      this.state.setAttribute("role", "status");
      this.state.dataset.draftState = "";
      form.append(this.state);
    }
    this.token = field(form, "draft_token", newToken());
    this.revision = field(form, "draft_revision", "0");
  }

  say(words) {
    this.state.textContent = words;
  }

  sayWithLink(words, address, link) {
    const anchor = document.createElement("a");
    anchor.className = "govuk-link";
    anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = link;
    this.state.replaceChildren(words, " ", anchor);
  }

  later(pause) {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.save(), pause);
  }

  changed() {
    if (!this.stopped) {
      this.unsaved = true;
      this.later(PAUSE);
    }
  }

  // A tab that is left does not wait for the save under way: this one comes after it, if all goes well.
  async save({ leaving = false } = {}) {
    window.clearTimeout(this.waiting);
    if (!this.unsaved || this.stopped || (this.underWay && !leaving)) {
      return;
    }
    const behind = this.underWay;
    this.underWay += 1;
    this.unsaved = false;
    this.say("Saving the draft…");
    const body = new URLSearchParams(new FormData(this.form));
    body.set("draft_revision", Number(this.revision.value) + behind);
    let pause = PAUSE;
    try {
      const answer = await fetch(this.form.dataset.draft, {
        method: "POST",
        body,
        headers: asked(),
        redirect: "manual",
        keepalive: leaving && body.toString().length < LEFT_BEHIND,
      });
      pause = await this.read(answer, behind > 0 || this.underWay > 1);
    } catch {
      this.unsaved = true;
      this.failing = true;
      pause = AGAIN;
      this.say("Not saved: there is no connection. Trying again.");
    }
    this.underWay -= 1;
    if (this.unsaved && !this.stopped) {
      this.later(pause);
    }
  }

  // What the answer says; gives how long to wait before what is not saved is tried again. Of two saves under
  // way at once the second may have arrived first: the first is then behind it, and no other tab.
  async read(answer, besideAnother) {
    this.failing = false;
    this.heard = Date.now();
    if (answer.ok) {
      const { revision, saved } = await answer.json();
      this.revision.value = Math.max(revision, Number(this.revision.value));
      this.say(`Draft saved at ${saved}`);
      return PAUSE;
    }
    if (answer.status === 409 && besideAnother) {
      this.unsaved = true;
      return PAUSE;
    }
    if (answer.status === 409) {
      this.stopped = true;
      const { problem } = await answer.json();
      this.say(`Not saved. ${problem}`);
      return PAUSE;
    }
    if (answer.status === 404) {
      this.stopped = true;
      this.say("Not saved: what you are writing about is not there any more. Copy what you typed before you leave this page.");
      return PAUSE;
    }
    this.unsaved = true;
    const refused = answer.status === 403;
    if (refused) {
      const again = await fetch(this.form.dataset.draft, { headers: asked(), redirect: "manual" });
      if (again.status === 409) {
        return this.read(again, false);
      }
      if (again.ok) {
        await takeToken(again);
        return 0;
      }
    }
    if (refused || answer.type === "opaqueredirect") {
      this.failing = true;
      const { signIn } = document.body.dataset;
      this.sayWithLink("Not saved: you have been signed out.", signIn, "Sign in in another tab, and saving goes on here");
    } else {
      this.say("Not saved: something went wrong. Trying again.");
    }
    return AGAIN;
  }

  // A form that meets the sign-in page, or no connection, takes what was typed with it: so it is saved first.
  mayBeLost() {
    return this.unsaved && !this.stopped && (this.failing || Date.now() - this.heard > UNHEARD);
  }

  async sendOnceSaved(button) {
    if (this.asking) {
      return;
    }
    this.asking = true;
    await this.save();
    if (this.unsaved && !this.failing) {
      await this.save();
    }
    this.asking = false;
    if (!this.failing) {
      this.unsaved = false;
      this.form.requestSubmit(button);
    }
  }

  // The part of the page that the form stood in was drawn again: what was typed goes on in its new place.
  moveOn() {
    const fresh = document.querySelector(`form[data-draft="${this.form.dataset.draft}"]`);
    if (this.stopped || !fresh) {
      keepers.delete(this);
      this.save();
      return;
    }
    const { form, token, revision, state } = this;
    this.take(fresh);
    form.querySelectorAll("textarea[name]").forEach((typed) => { fresh.elements[typed.name].value = typed.value; });
    this.token.value = token.value;
    this.revision.value = revision.value;
    this.say(state.textContent);
    fresh.closest("details")?.setAttribute("open", "");
  }
}

function typed(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (form) {
    keeperOf(form).changed();
  }
}

function all(act) {
  [...keepers].forEach(act);
}

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) {
    return;
  }
  const keeper = keeperOf(form);
  if (keeper.mayBeLost() && !form.hasAttribute("hx-post")) {
    event.preventDefault();
    keeper.sendOnceSaved(event.submitter);
  } else {
    keeper.stopped = true;
  }
});
// A page that comes back from the browser's memory goes on as it was.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    all((keeper) => { keeper.stopped = false; });
  }
});
// What was sent and not taken is still only typed.
document.addEventListener("house:answered", ({ detail: { elt, xhr, done } }) => {
  if (elt.matches("form[data-draft]") && (!done || xhr.status >= 400)) {
    const keeper = keeperOf(elt);
    keeper.stopped = false;
    keeper.changed();
  }
});
for (const drawn of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
  document.addEventListener(drawn, () => all((keeper) => {
    if (!keeper.form.isConnected) {
      keeper.moveOn();
    }
  }));
}
window.addEventListener("online", () => all((keeper) => keeper.save()));
window.addEventListener("focus", () => all((keeper) => keeper.save()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    all((keeper) => keeper.save({ leaving: true }));
  }
});
