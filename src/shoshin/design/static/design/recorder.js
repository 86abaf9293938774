// Record in a page. Parts of about two seconds are sent while one speaks, each again until it was received; the browser
// keeps nothing beyond this page. In a round the recording belongs to the answer in #answer, and without this file, a
// microphone or consent the round works as before. Elsewhere the page names the recording, takes a file as well, and
// says where to go once it has arrived.
const box = document.querySelector("#recorder");
const form = document.querySelector("#answer");
const PART = 2000; // milliseconds
const SLICE = 2 * 1024 * 1024; // bytes of a file that was recorded elsewhere
const LONGEST = 29 * 60 * 1000;
const TRIES = 3;
const TYPES = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/mp4"],
};
const PICTURE = { width: { ideal: 480 }, height: { ideal: 360 }, frameRate: { ideal: 20 } };

const typeOf = (kind) => TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type));
const pause = (time) => new Promise((done) => setTimeout(done, time));
async function digestOf(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...found].map((one) => one.toString(16).padStart(2, "0")).join("");
}

class Refused extends Error {} // by the server, with a sentence: trying again changes nothing

function prepare() {
  const find = (name) => box.querySelector(`#${name}`);
  const token = (form ?? box).querySelector("[name=csrfmiddlewaretoken]").value;
  const [record, withPicture, stop, again, leave] = [
    "record", "record-video", "stop-recording", "send-again", "leave-out",
  ].map(find);
  const bring = find("bring");
  const [status, words] = [find("recorder-says"), find("recorder-words").content];
  const players = { audio: find("play-audio"), video: find("play-video") };
  let state = "idle"; // starting, recording, sending, waiting, ready
  let take = null;
  let answering = null; // the button that was pressed before everything had arrived

  const say = (when, sentence) => {
    status.textContent = sentence || words.querySelector(`[data-when=${when}]`).textContent;
  };

  function become(next) {
    state = next;
    record.hidden = withPicture.hidden = next !== "idle";
    if (bring) bring.hidden = next !== "idle";
    stop.hidden = next !== "recording";
    again.hidden = next !== "waiting";
    leave.hidden = !["sending", "waiting", "ready"].includes(next);
    if (words.querySelector(`[data-when=${next}]`)) say(next);
    const focus = { recording: stop, waiting: again, idle: record }[next];
    if (focus && !document.activeElement?.matches("textarea")) focus.focus();
  }

  function show(kind, whole) {
    for (const [name, player] of Object.entries(players)) {
      player.hidden = name !== kind;
      if (player.src) URL.revokeObjectURL(player.src);
      player.removeAttribute("src");
      if (name === kind) player.src = URL.createObjectURL(whole);
    }
    players[kind]?.focus();
  }

  async function post(path, body, headers = {}) {
    const said = { method: "POST", body, headers: { "X-CSRFToken": token, ...headers } };
    const response = await fetch(path, said);
    const told = await response.json();
    if (response.ok || told.missing) return told;
    if (response.status === 422 && headers["X-Digest"]) throw new Error("It came torn, and is sent again.");
    if (response.status >= 500 && response.status !== 507) throw new Error("Not now.");
    throw new Refused(told.say);
  }

  async function patiently(act) {
    for (let tried = 1; ; tried += 1) {
      try {
        return await act();
      } catch (problem) {
        if (problem instanceof Refused || tried === TRIES) throw problem;
        await pause(500 * 2 ** tried);
      }
    }
  }

  async function begin(kind) {
    const agree = find("agree");
    if (agree && !agree.checked) {
      say("agree");
      agree.focus();
      return;
    }
    become("starting");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind === "video" && PICTURE });
    } catch (problem) {
      become("idle");
      say(problem.name === "NotFoundError" ? "missing" : "refused");
      return;
    }
    const begun = await ask(kind);
    if (!begun) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    find("agreement")?.remove();
    listen({ ...begun, stream, parts: [], ended: false });
  }

  // The server makes room for a recording, or says why it does not.
  async function ask(kind) {
    const key = box.dataset.reel ?? crypto.randomUUID();
    const plain = { key, kind, answer_key: form?.querySelector("[name=key]").value ?? "", agree: find("agree") ? "on" : "" };
    const asked = new FormData();
    for (const [name, value] of Object.entries(plain)) asked.set(name, value);
    try {
      await patiently(() => post(box.dataset.start, asked));
    } catch (problem) {
      become("idle");
      say("unreached", problem instanceof Refused && problem.message);
      return null;
    }
    return { key, kind, path: `${box.dataset.recordings}${key}/`, sent: 0 };
  }

  async function carry(file) {
    const kind = file.type.startsWith("video/") ? "video" : "audio";
    become("starting");
    const begun = await ask(kind);
    if (!begun) return;
    const parts = [];
    for (let place = 0; place < file.size; place += SLICE) parts.push(file.slice(place, place + SLICE));
    take = { ...begun, parts, ended: true };
    become("sending");
    show(kind, file);
    send(take);
  }

  function listen(begun) {
    take = begun;
    const rates = { audioBitsPerSecond: 48_000, videoBitsPerSecond: 400_000 };
    begun.recorder = new MediaRecorder(begun.stream, { mimeType: typeOf(begun.kind), ...rates });
    begun.recorder.addEventListener("dataavailable", (event) => {
      if (event.data.size) begun.parts.push(event.data);
      send(begun);
    });
    begun.recorder.addEventListener("stop", () => {
      begun.ended = true;
      begun.stream.getTracks().forEach((track) => track.stop());
      if (take !== begun) return;
      become("sending");
      show(begun.kind, new Blob(begun.parts, { type: begun.recorder.mimeType }));
      send(begun);
    });
    show("nothing");
    begun.recorder.start(PART);
    become("recording");
    setTimeout(() => begun.recorder.state === "recording" && begun.recorder.stop(), LONGEST);
  }

  // One runner a take: whatever waits is sent in order, and when the last part has gone, the whole is asked for.
  async function send(mine) {
    if (mine.runs || take !== mine) return;
    mine.runs = true;
    try {
      while (mine.sent < mine.parts.length) {
        const bytes = await mine.parts[mine.sent].arrayBuffer();
        const headers = { "X-Digest": await digestOf(bytes), "Content-Type": "application/octet-stream" };
        await patiently(() => post(`${mine.path}parts/${mine.sent}/`, bytes, headers));
        mine.sent += 1;
      }
      if (mine.ended) await finish(mine);
    } catch (problem) {
      if (take === mine) stumble(mine, problem);
    } finally {
      mine.runs = false;
    }
    if (take === mine && state === "sending" && mine.ended) send(mine);
  }

  async function finish(mine) {
    const asked = new FormData();
    asked.set("parts", mine.parts.length);
    asked.set("digest", await digestOf(await new Blob(mine.parts).arrayBuffer()));
    const told = await patiently(() => post(`${mine.path}finish/`, asked));
    if (take !== mine) return;
    if (told.missing) {
      mine.sent = Math.min(...told.missing);
      return;
    }
    become("ready");
    if (answering) form.requestSubmit(answering);
    else if (box.dataset.done) location.assign(box.dataset.done);
  }

  function stumble(mine, problem) {
    answering = null;
    if (problem instanceof Refused) {
      if (mine.recorder?.state === "recording") mine.recorder.stop();
      take = null;
      show("nothing");
      become("idle");
      say("waiting", problem.message);
    } else if (mine.ended) {
      become("waiting");
    }
  }

  async function leaveOut() {
    const left = take;
    take = answering = null;
    show("nothing");
    become("idle");
    try {
      await fetch(`${left.path}remove/`, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
      say("left");
    } catch {
      say("unsure");
    }
  }

  record.addEventListener("click", () => begin("audio"));
  withPicture.addEventListener("click", () => begin("video"));
  stop.addEventListener("click", () => take.recorder.stop());
  again.addEventListener("click", () => {
    become("sending");
    send(take);
  });
  leave.addEventListener("click", leaveOut);
  find("brought")?.addEventListener("change", ({ target }) => target.files[0] && carry(target.files[0]));
  form?.addEventListener("submit", (event) => {
    if (["idle", "ready"].includes(state)) return;
    event.preventDefault();
    answering = event.submitter;
    if (state === "recording") take.recorder.stop();
    if (state === "waiting") say("waiting");
  });
  window.addEventListener("beforeunload", (event) => {
    if (["recording", "sending", "waiting"].includes(state)) event.preventDefault();
  });
  if (!typeOf("video")) withPicture.remove();
  box.hidden = !typeOf("audio");
}

if (box && window.MediaRecorder && navigator.mediaDevices && window.crypto?.subtle) prepare();
