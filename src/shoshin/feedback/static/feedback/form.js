// The client's form, made easier. Without this file the same page works as one long form.
const sheet = document.querySelector("#sheet");
const at = (selector) => sheet.querySelector(selector);
const all = (selector) => [...sheet.querySelectorAll(selector)];
const questions = all(".question");
const steps = [at("[data-step=intro]"), ...questions, at("[data-step=review]")];
const oneByOne = "oneByOne" in sheet.dataset;
let here = 0;
let sending = false;

function answers() {
  const given = {};
  for (const [name, value] of new FormData(sheet)) if (name.startsWith("q-") && value !== "") given[name] = value;
  return given;
}

// A connection that hangs counts as none. What fails is tried again after 1, 2, 4 … 60 seconds, a little spread out.
const PATIENCE = 30000;
const post = (address, facts) => fetch(address, { method: "POST", signal: AbortSignal.timeout(PATIENCE), ...facts }).catch(() => null);
const pause = (tries) => Math.min(60000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
const isFinal = (reply) => reply && reply.status >= 400 && reply.status < 500 && ![408, 425, 429].includes(reply.status);

// Saving as the client goes: the whole sheet each time, numbered, so that a late old save changes nothing.
let seq = Number(sheet.dataset.seq);
let waiting = 0;
let unsaved = 0;
let kept = null;
async function save() {
  seq = Math.max(seq + 1, Date.now());
  const mine = seq;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": at("[name=csrfmiddlewaretoken]").value };
  const body = JSON.stringify({ seq: mine, label: at("[name=label]").value, answers: answers() });
  kept = "saving"; // an older "Saved." must not stand beside a newer answer
  saySaved();
  const reply = await post(sheet.dataset.draft, { headers, body, keepalive: true });
  if (mine !== seq || sending) return;
  kept = reply?.ok ? "saved" : isFinal(reply) ? "closed" : "unsaved";
  saySaved();
  clearTimeout(waiting);
  unsaved = kept === "unsaved" ? unsaved + 1 : 0;
  if (unsaved) waiting = setTimeout(save, pause(unsaved));
}

// Saved is not sent: beside "Send" the line says both.
function saySaved() {
  const line = at("#saved");
  if (kept === null) return;
  const saved = here === steps.length - 1 ? "savedNotSent" : "saved";
  line.textContent = line.dataset[kept === "saved" ? saved : kept] ?? "";
}

// A slider stands in for its row of numbers. It holds no answer until it is touched.
function slide(question) {
  const row = question.querySelector(".steps, fieldset > label");
  const picks = [...question.querySelectorAll("input[type=radio]")];
  const number = question.querySelector("input[type=number]");
  const range = document.createElement("input");
  range.type = "range";
  range.min = number ? number.min : 0;
  range.max = number ? number.max : picks.length - 1;
  range.value = (Number(range.min) + Number(range.max)) / 2;
  range.className = "untouched";
  range.setAttribute("aria-label", question.querySelector("legend").textContent);
  range.setAttribute("aria-valuetext", "–");
  const given = number ? number.value : picks.findIndex((pick) => pick.checked);
  const show = () => {
    range.classList.remove("untouched");
    range.setAttribute("aria-valuetext", number ? number.value : picks[range.value].value);
  };
  if (given !== "" && given !== -1) { range.value = given; show(); }
  const touch = () => {
    if (number) number.value = range.value; else picks[range.value].checked = true;
    show();
  };
  range.addEventListener("input", touch);
  range.addEventListener("change", () => { touch(); save(); });
  range.addEventListener("click", () => { if (range.matches(".untouched")) { touch(); save(); } });
  row.hidden = true;
  row.before(range);
}

// A marked safety question is met at once, with numbers that are already on the page.
function meet() {
  const marked = questions.find((q) => {
    const pick = q.dataset.riskFrom && q.querySelector("input:checked");
    return pick && Number(pick.value) >= Number(q.dataset.riskFrom);
  });
  const box = at("#safety-now");
  if (!box) return;
  const last = oneByOne && here === steps.length - 1;
  const above = last ? at("#saved") : marked; // on the last step "Send" comes first, the numbers stay below it
  if (marked && above.nextElementSibling !== box) above.after(box);
  box.hidden = !marked || (oneByOne && !last && steps[here] !== marked);
}

function gaps() {
  const given = answers();
  const open = all("[data-gap]").filter((link) => { link.hidden = link.dataset.gap in given; return !link.hidden; });
  at("#gaps").hidden = open.length === 0;
  return open.length;
}

function go(step) {
  here = Math.min(Math.max(step, 0), steps.length - 1);
  steps.forEach((part, place) => { part.hidden = place !== here; });
  const last = here === steps.length - 1;
  if (last) gaps();
  saySaved();
  at("h1").classList.toggle("hidden-words", here !== 0);
  const move = at("[data-move]");
  move.hidden = here === 0;
  if (last) at("[data-end]").after(move); else at("[data-end]").before(move); // "Send" stands above "Back"
  document.querySelector("#reads").hidden = here === 0;
  at("[data-move] [data-next]").hidden = last;
  at("[data-end] [value=send]").hidden = !last;
  at("[data-keep]").hidden = last;
  at("[data-keep]").textContent = here === 0 ? sheet.dataset.begin : sheet.dataset.keepGoing;
  meet();
  window.scrollTo(0, 0);
  if (here > 0) { steps[here].tabIndex = -1; steps[here].focus({ preventScroll: true }); }
}

// Not sent, sending, received. The page says "received" only after the server has said so, on the server's own page.
// The same form sent twice is filed once.
let again = 0;
let tries = 0;
let underWay = false;
function say(state) {
  for (const each of ["sending", "not-sent", "refused"]) at(`#${each}`).hidden = each !== state;
  if (state === "not-sent") at("#not-sent time").textContent = new Date().toLocaleTimeString(document.documentElement.lang);
}

async function send() {
  if (underWay) return;
  clearTimeout(again);
  sending = underWay = true;
  if (tries === 0) say("sending");
  const body = new URLSearchParams(new FormData(sheet));
  body.set("what", "send");
  body.set("gaps-seen", "1");
  const reply = await post(sheet.action, { body });
  underWay = false;
  if (reply?.ok && new URL(reply.url).pathname === sheet.dataset.received) {
    sending = false;
    kept = null;
    window.location.replace(reply.url);
    return;
  }
  if (isFinal(reply)) {
    sending = false;
    say("refused");
    return;
  }
  say("not-sent");
  again = setTimeout(send, pause(tries));
  tries += 1;
}

// The first of the three answers to being asked: begin, keep going, and in the end send.
function keepGoing() {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.next = button.dataset.keep = "";
  at("[data-end]").prepend(button);
}

for (const question of questions) if (["slider", "number"].includes(question.dataset.look)) slide(question);
sheet.addEventListener("change", (event) => { if (event.target.type !== "range") { meet(); save(); } });
sheet.addEventListener("submit", (event) => {
  if (event.submitter?.value !== "send") {
    if (navigator.onLine) return;
    event.preventDefault();
    at("#saved").textContent = at("#saved").dataset.unsaved;
    return;
  }
  event.preventDefault();
  if (sending) return;
  if (oneByOne && here < steps.length - 1) { go(here + 1); return; }
  if (!oneByOne && gaps() && !("seen" in sheet.dataset)) {
    sheet.dataset.seen = "";
    at("#gaps").scrollIntoView({ block: "center" });
    return;
  }
  send();
});
window.addEventListener("online", () => { if (sending) send(); else if (kept === "unsaved") save(); });
// Closing a page whose answers are nowhere else asks first; who presses "Leave this page" goes at once.
let leaving = false;
document.querySelector("[data-quick-exit]")?.addEventListener("click", () => { leaving = true; }, true);
window.addEventListener("beforeunload", (event) => { if (!leaving && (sending || kept === "unsaved")) event.preventDefault(); });
if (at("#as-you-go")) at("#as-you-go").hidden = false;
if (oneByOne) {
  at("#everything").hidden = false;
  sheet.classList.add("stepping");
  keepGoing();
  all("[data-next]").forEach((button) => button.addEventListener("click", () => go(here + 1)));
  at("[data-back]").addEventListener("click", () => go(here - 1));
  all("[data-gap]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    go(steps.findIndex((step) => `#${step.id}` === link.getAttribute("href")));
  }));
  go(0);
}
meet();
