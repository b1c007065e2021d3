// Passkeys: asks the browser for one and sends its answer with the form. Where there are no scripts, or the
// browser has no passkeys, the form stays hidden and the page says so.
const { webauthnJSON } = globalThis;

async function optionsOf(form) {
  if (form.dataset.options) {
    return JSON.parse(form.dataset.options);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`the server answered ${answer.status}`);
  }
  return (await answer.json()).request_options;
}

// A passkey that stands alone must live on the device and ask for a finger, a face or a PIN.
function standingAlone(options, form) {
  if (form.elements.passwordless?.checked) {
    Object.assign(options.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
  }
  return options;
}

async function send(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.textContent = "";
  try {
    const ask = form.dataset.passkey === "add" ? webauthnJSON.create : webauthnJSON.get;
    form.elements.credential.value = JSON.stringify(await ask(standingAlone(await optionsOf(form), form)));
  } catch {
    problem.textContent = "The browser gave no passkey. Try again, or use another way.";
    return;
  }
  form.submit();
}

if (webauthnJSON?.supported()) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  for (const words of document.querySelectorAll("[data-passkey-missing]")) {
    words.hidden = true;
  }
}
