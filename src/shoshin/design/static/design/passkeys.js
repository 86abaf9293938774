// A form with data-passkey speaks to the browser's own passkey window, then sends what comes back.
// Which: "add" (data-options names the challenge), "prove" (the same), "enter" (the challenge is fetched).

function challenge(form) {
  const source = document.getElementById(form.dataset.options)
  return JSON.parse(source.textContent)
}

async function added(form) {
  const options = challenge(form).creation_options
  const alone = form.querySelector("input[name=passwordless]")
  const wanted = alone && alone.checked ? "required" : "discouraged"
  Object.assign(options.publicKey.authenticatorSelection, {
    residentKey: wanted,
    requireResidentKey: wanted === "required",
  })
  return window.webauthnJSON.create(options)
}

async function entered(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } })
  if (!answer.ok) throw new Error("no challenge")
  return window.webauthnJSON.get((await answer.json()).request_options)
}

const ways = { add: added, enter: entered, prove: (form) => window.webauthnJSON.get(challenge(form).request_options) }

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const said = form.querySelector("[data-failed]")
    said.hidden = true
    try {
      const credential = await ways[form.dataset.passkey](form)
      form.querySelector("input[name=credential]").value = JSON.stringify(credential)
      form.submit()
    } catch {
      said.hidden = false
    }
  })
}
