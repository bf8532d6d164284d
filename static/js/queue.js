// The audit queue: keys, the mark on the list, and reasons that are not lost. Without it every link and button works.
"use strict";

(() => {
  const pane = () => document.getElementById("detail");
  const narrow = window.matchMedia("(max-width: 767px)");

  // A reason is kept in this tab until it is sent, so moving on to another work loses nothing.
  const NOTE = ".wx-ask textarea, .wx-note textarea";
  const keyOf = (area) => `audit-note:${pane().dataset.work}:${area.form.id}:${area.name}`;

  function restoreNotes() {
    for (const area of pane().querySelectorAll(NOTE)) {
      const kept = sessionStorage.getItem(keyOf(area));
      if (area.value || !kept) continue;
      area.value = kept;
      const box = area.closest(".wx-note");
      if (box) box.open = true;
    }
    tellPinned();
  }

  // What stands at single fields is counted where the return is confirmed.
  function tellPinned() {
    const written = [];
    for (const area of pane().querySelectorAll(".wx-note textarea")) {
      const said = area.value.trim() !== "";
      area.closest(".wx-note").classList.toggle("is-written", said);
      if (said) written.push(area.dataset.label);
    }
    const told = pane().querySelector("[data-pinned]");
    if (told) told.textContent = written.length ? `已写 ${written.length} 处意见：${written.join("、")}。` : "";
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches(NOTE)) return;
    sessionStorage.setItem(keyOf(event.target), event.target.value);
    tellPinned();
  });
  // What is sent is kept until a page says that it arrived: the network may fail, the session may have ended.
  const SENT = "audit-sent";
  document.addEventListener("submit", (event) => {
    const keys = [...event.target.elements].filter((area) => area.matches(NOTE)).map(keyOf);
    if (keys.length) sessionStorage.setItem(SENT, JSON.stringify(keys));
  });

  function forgetArrived() {
    const keys = JSON.parse(sessionStorage.getItem(SENT) || "[]");
    sessionStorage.removeItem(SENT);
    if (document.querySelector("#messages .is-ok")) for (const key of keys) sessionStorage.removeItem(key);
  }

  function markLine(scroll) {
    for (const line of document.querySelectorAll(".wx-q-list li")) {
      const chosen = line.dataset.work === pane().dataset.work;
      if (chosen) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
      if (chosen && scroll && !narrow.matches) line.scrollIntoView({ block: "nearest" });
    }
  }

  // The title is told to screen readers, and the keys go on from there.
  function settle() {
    markLine(true);
    restoreNotes();
    const title = pane().querySelector("h1");
    if (title) {
      title.focus({ preventScroll: true });
      document.title = document.title.replace(/^.*(?= – )/, `审核：${title.textContent.trim()}`);
    }
    if (narrow.matches) pane().scrollIntoView({ block: "start" });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "detail") settle();
  });
  document.addEventListener("htmx:historyRestore", settle);
  document.addEventListener("htmx:responseError", (event) => {
    const link = event.detail.elt.closest("a[href]");
    if (link) window.location.assign(link.href); // the whole page says what is wrong
  });

  function notChecked(event) {
    const said = event.target.closest("form") && document.getElementById("files-said");
    if (said) said.textContent = "核对没有保存，请刷新页面后再试。";
  }
  document.addEventListener("htmx:responseError", notChecked);
  document.addEventListener("htmx:sendError", notChecked);

  // One reason at a time; opening it puts the cursor into it.
  document.addEventListener("toggle", (event) => {
    const ask = event.target;
    if (ask.matches && ask.matches(".wx-note")) openNote(ask);
    if (!ask.matches || !ask.matches(".wx-ask") || !ask.open) return;
    for (const other of document.querySelectorAll(".wx-ask[open]")) if (other !== ask) other.open = false;
    ask.querySelector("textarea").focus();
  }, true);

  function openNote(note) {
    const cell = note.closest(".wx-facts > div");
    if (cell) cell.classList.toggle("is-noting", note.open);
    if (note.open && note.contains(document.activeElement)) note.querySelector("textarea").focus();
  }

  function press(selector) {
    const found = pane().querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  }

  const keys = {
    j: () => press("[data-key=j]"),
    k: () => press("[data-key=k]"),
    t: () => press("[data-verb=return] > summary"),
    x: () => press("[data-verb=decline] > summary"),
    // Only the focus: the decision itself takes a second, deliberate key.
    r: () => {
      const button = pane().querySelector("[data-verb=go] button");
      if (button) button.focus();
      return Boolean(button);
    },
    "/": () => {
      document.querySelector(".wx-q-tools input[type=search]").focus();
      return true;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const ask of document.querySelectorAll(".wx-ask[open]")) ask.open = false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    const act = keys[event.key.toLowerCase()];
    if (act && act()) event.preventDefault();
  });

  forgetArrived();
  restoreNotes();
  markLine(true);
  const asked = document.querySelector(".wx-ask[open] textarea"); // refused for want of a reason
  if (asked) asked.focus();
})();
