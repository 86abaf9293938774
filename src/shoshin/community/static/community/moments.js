// Beside a recording: a time in a comment goes to its place, and the place it is at goes into the comment. Without this
// file the times are words, and are typed.
const player = document.querySelector(".reel");
const field = document.querySelector("#id_moment");
const words = document.querySelector("#moment-words");

function jumpTo(second) {
  player.scrollIntoView({ block: "nearest" });
  player.currentTime = second;
  player.play().catch(() => {}); // it is gone, or the browser plays nothing unasked: its own controls say so
}

function makeButton(moment) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain moment";
  button.textContent = moment.textContent;
  button.addEventListener("click", () => jumpTo(Number(moment.dataset.second)));
  moment.replaceWith(button);
}

function writePlace() {
  const place = Math.floor(player.currentTime);
  const time = `${Math.floor(place / 60)}:${String(place % 60).padStart(2, "0")} `;
  const before = field.value.trimEnd();
  field.value = before ? `${before}\n${time}` : time;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

if (player) {
  document.querySelectorAll(".moment[data-second]").forEach(makeButton);
  if (field && words) {
    const button = words.content.firstElementChild.cloneNode(true);
    button.addEventListener("click", writePlace);
    field.after(button);
  }
}
