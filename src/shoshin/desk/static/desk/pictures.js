// A chart is drawn by the server for the width it is looked at with, when it comes into view.
const narrow = matchMedia("(max-width: 34rem)");
const awaited = document.querySelectorAll("figure.awaited");

async function fill(figure) {
  const address = narrow.matches ? figure.dataset.narrow : figure.dataset.wide;
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    if (drawn.localName !== "svg") throw new Error("no picture");
    figure.replaceChildren(document.importNode(drawn, true));
    figure.classList.add("drawn");
  } catch {
    figure.textContent = figure.dataset.failed;
  }
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      seen.unobserve(entry.target);
      fill(entry.target);
    }
  },
  { rootMargin: "600px" },
);
for (const figure of awaited) seen.observe(figure);
narrow.addEventListener("change", () => document.querySelectorAll("figure.drawn").forEach(fill));
