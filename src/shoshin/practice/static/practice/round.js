// The round, made easier. Without this file the same page works: read, answer, press.
const says = document.querySelector("#says");
const hear = document.querySelector("#hear");

// Reading aloud stays on this device; where the browser has no voice of its own, there is no button.
if (says && hear && "speechSynthesis" in window) {
  hear.hidden = false;
  hear.addEventListener("click", () => {
    speechSynthesis.cancel();
    const line = new SpeechSynthesisUtterance(says.textContent.replace(/[“”]/g, ""));
    line.lang = says.lang;
    const own = speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.startsWith(says.lang));
    if (own) line.voice = own;
    speechSynthesis.speak(line);
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

// What is being written survives a reload, on this device and in this tab only, until it is received.
const answer = document.querySelector("#answer");
const words = answer?.querySelector("textarea");
if (words) {
  const draft = `round-${answer.querySelector("[name=statement]").value}`;
  if (!words.value) words.value = sessionStorage.getItem(draft) ?? "";
  words.addEventListener("input", () => sessionStorage.setItem(draft, words.value));
} else {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("round-")) sessionStorage.removeItem(name);
}

// An answer given offline waits on this device and goes out later, under its own key, so that it counts once. Only the
// page of its own round sends it, and nobody but its owner opens that page.
const home = location.pathname.replace(/answer\/$/, "");
const place = `shoshin-answer-${home}`;
const kept = document.querySelector("#kept");
const PATIENCE = 10000;
const AGAIN = 15000;
let busy = false;

const waiting = () => JSON.parse(localStorage.getItem(place) ?? "null");

function send(said) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ ...said, csrfmiddlewaretoken: token });
  return fetch(`${home}answer/`, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
}

function keep() {
  const wasInside = answer?.contains(document.activeElement);
  kept.hidden = false;
  if (answer) answer.hidden = true;
  if (wasInside) kept.querySelector("button").focus();
}

// What the server could not take is sent once more as the plain form, whose answer says why.
function refused(said) {
  localStorage.removeItem(place);
  if (!answer) return location.assign(home);
  if (words) words.value = said.text;
  answer.querySelector("[type=hidden][name=kind]").value = said.kind;
  answer.submit();
}

async function go() {
  const said = waiting();
  if (!said || busy) return;
  busy = true;
  try {
    const response = await send(said);
    const received = response.redirected && new URL(response.url).pathname === home;
    if (received) localStorage.removeItem(place);
    if (response.status === 422) refused(said);
    else if (response.redirected) location.assign(home); // after signing in again, where that is asked, it leads back
    else keep();
  } catch {
    keep();
  } finally {
    busy = false;
  }
}

answer?.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // a recording is still on its way: recorder.js sends the answer after it
  const said = Object.fromEntries(new FormData(answer));
  said.kind = event.submitter?.name === "kind" ? event.submitter.value : said.kind;
  said.given_at = new Date().toISOString();
  delete said.csrfmiddlewaretoken;
  if (said.kind === "typed" && !said.text.trim()) return;
  try {
    localStorage.setItem(place, JSON.stringify(said));
  } catch {
    return; // no room on this device: the plain form goes out, as without this file
  }
  event.preventDefault();
  go();
});

if (waiting()) keep();
document.querySelector("#try").addEventListener("click", go);
window.addEventListener("online", go);
setInterval(go, AGAIN);
go();
