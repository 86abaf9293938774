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

// Saving as the client goes: the whole sheet each time, numbered, so that a late old save changes nothing.
let seq = Number(sheet.dataset.seq);
let waiting = 0;
let kept = null;
async function save() {
  seq = Math.max(seq + 1, Date.now());
  const mine = seq;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": at("[name=csrfmiddlewaretoken]").value };
  const body = JSON.stringify({ seq: mine, answers: answers() });
  const saved = await fetch(sheet.dataset.draft, { method: "POST", headers, body, keepalive: true }).then((r) => r.ok, () => false);
  if (mine !== seq || sending) return;
  kept = saved;
  saySaved();
  clearTimeout(waiting);
  if (!saved) waiting = setTimeout(save, 5000);
}

// Saved is not sent: beside "Send" the line says both.
function saySaved() {
  const line = at("#saved");
  if (kept === null) return;
  const saved = here === steps.length - 1 ? line.dataset.savedNotSent : line.dataset.saved;
  line.textContent = kept ? saved : line.dataset.unsaved;
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

// Sending: the page says "received" only after the server has said so. The same form sent twice is filed once.
async function send() {
  sending = true;
  const body = new URLSearchParams(new FormData(sheet));
  body.set("what", "send");
  body.set("gaps-seen", "1");
  const reply = await fetch(sheet.action, { method: "POST", body }).catch(() => null);
  if (reply && reply.ok && new URL(reply.url).pathname === sheet.dataset.received) {
    window.location.replace(reply.url);
    return;
  }
  const refused = reply && reply.status >= 400 && reply.status < 500;
  at("#not-sent").hidden = refused;
  at("#refused").hidden = !refused;
  if (!refused) setTimeout(send, 4000);
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
window.addEventListener("online", () => { if (sending) send(); else save(); });
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
