// On every page, deferred. Everything here is a convenience: without it the pages work all the same.
"use strict";

(() => {
  const two = (n) => String(n).padStart(2, "0");
  const clocks = () => document.querySelectorAll("time[data-epoch]");
  const first = clocks()[0];
  // What must be added to this machine's clock to get the server's; measured once, when the page arrived.
  const ahead = first && first.dataset.epoch ? Number(first.dataset.epoch) - Date.now() : 0;
  const serverNow = () => Date.now() + ahead;

  // The same wording as time_left() in core/templatetags/wording.py.
  function timeLeft(due) {
    const left = Math.floor((due - serverNow()) / 1000);
    if (due < serverNow()) return "已截止";
    const days = Math.floor(left / 86400);
    const hours = Math.floor(left / 3600) % 24;
    const minutes = Math.floor(left / 60) % 60;
    if (days) return hours ? `还有 ${days} 天 ${hours} 小时` : `还有 ${days} 天`;
    if (hours) return `还有 ${hours} 小时 ${minutes} 分`;
    return minutes ? `还有 ${minutes} 分` : "还有不到 1 分钟";
  }

  function tick() {
    const beijing = new Date(serverNow() + 8 * 3600 * 1000);
    const shown = [beijing.getUTCHours(), beijing.getUTCMinutes(), beijing.getUTCSeconds()].map(two).join(":");
    for (const clock of clocks()) clock.textContent = shown;
    for (const due of document.querySelectorAll("[data-due]")) {
      const words = timeLeft(Number(due.dataset.due));
      if (due.textContent !== words) due.textContent = words;
    }
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll(".wx-user-menu[open], .wx-menu[open]")) {
      if (menu === except) continue;
      menu.open = false;
    }
  }

  function menus() {
    document.addEventListener("click", (event) => closeMenus(event.target.closest(".wx-user-menu, .wx-menu")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const menu = event.target.closest(".wx-user-menu[open], .wx-menu[open]");
      closeMenus(null);
      if (menu) menu.querySelector("summary").focus();
    });
  }

  function dirtyGuard() {
    const dirty = new Set();
    const guarded = (target) => target.closest && target.closest("form[data-dirty-guard]");
    for (const kind of ["input", "change"]) {
      document.addEventListener(kind, (event) => {
        const form = guarded(event.target);
        if (form) dirty.add(form);
      });
    }
    document.addEventListener("submit", (event) => dirty.delete(event.target));
    window.addEventListener("beforeunload", (event) => {
      if (![...dirty].some((form) => form.isConnected)) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  function printButtons() {
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-print]")) window.print();
    });
  }

  function htmxToken() {
    document.addEventListener("htmx:configRequest", (event) => {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]");
      if (token) event.detail.headers["X-CSRFToken"] = token.value;
    });
  }

  menus();
  dirtyGuard();
  printButtons();
  htmxToken();
  if (first || document.querySelector("[data-due]")) {
    tick();
    setInterval(tick, 1000);
  }
  const fault = document.querySelector("[data-first-error]");
  if (fault) fault.focus();
})();
