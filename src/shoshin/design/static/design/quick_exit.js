// "Leave this page": go at once, and put the neutral page in this page's place in the history.
// Without JavaScript the link is an ordinary link.
for (const link of document.querySelectorAll("[data-quick-exit]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    document.title = " ";
    document.querySelector("meta[name=referrer]").content = "no-referrer"; // a script's way out heeds no rel
    window.location.replace(link.href);
  });
}

// Coming back with the Back button must not show what was on the screen.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
