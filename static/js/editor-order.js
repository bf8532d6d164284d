// The order of the editor's attachments: by dragging, by Alt and the arrows, by the button. After editor-files.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  const block = document.querySelector("[data-files]");
  if (!desk || !block) return;
  const list = block.querySelector("[data-list]");
  let dragged = null;

  function dress() {
    for (const item of list.querySelectorAll("[data-attachment]")) {
      item.draggable = true;
      item.tabIndex = 0;
      item.setAttribute("aria-keyshortcuts", "Alt+ArrowUp Alt+ArrowDown");
      item.title = "拖动排序；或按 Alt+↑、Alt+↓";
    }
  }

  function order(focused) {
    const items = [...list.querySelectorAll("[data-attachment]")];
    const ids = items.map((one) => ["attachment", one.dataset.attachment]);
    return send(ids, items.map((one) => one.dataset.name).join("、"), focused);
  }

  /** With the revision of the list as it stands when the request goes out: the one before may have drawn it anew. */
  function send(ids, mine, focused) {
    return desk.queue(async () => {
      try {
        const { revision } = list.querySelector("[data-ordered]").dataset;
        const answer = await desk.ask(block.dataset.order, new URLSearchParams([["revision", revision], ...ids]));
        if (answer.theirs) {
          clash(answer, ids, mine);
          return;
        }
        desk.drawn(answer);
        const item = focused && list.querySelector(`[data-attachment="${focused}"]`);
        if (item) item.focus();
      } catch (error) {
        desk.failed(error);
      }
    });
  }

  /** A colleague has changed the list: it is shown as it stands, and her own order beside it. */
  function clash(answer, ids, mine) {
    list.innerHTML = answer.files;
    list.dispatchEvent(new CustomEvent("drawn"));
    for (const old of block.querySelectorAll(".wx-clash")) old.remove();
    const box = desk.clashBox(answer.message, mine, answer.theirs.join("、"), (own) => {
      box.remove();
      if (own) send(ids, mine);
    });
    list.after(box);
    desk.tell("bad", "附件顺序没有保存");
  }

  function shift(item, up) {
    const beside = up ? item.previousElementSibling : item.nextElementSibling;
    if (!beside) return;
    if (up) beside.before(item);
    else beside.after(item);
    order(item.dataset.attachment);
  }

  function dragging() {
    list.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("[data-attachment]");
      if (!dragged) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      dragged.classList.add("is-dragged");
    });
    list.addEventListener("dragover", (event) => {
      const over = event.target.closest("[data-attachment]");
      if (!dragged || !over) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      if (over === dragged) return;
      if (event.clientY < box.top + box.height / 2) over.before(dragged);
      else over.after(dragged);
    });
    list.addEventListener("drop", (event) => dragged && event.preventDefault());
    list.addEventListener("dragend", () => {
      if (!dragged) return;
      dragged.classList.remove("is-dragged");
      const moved = dragged.dataset.attachment;
      dragged = null;
      order(moved);
    });
  }

  list.addEventListener("click", (event) => {
    const lifted = event.target.closest("[data-lift]");
    if (!lifted) return;
    event.preventDefault();
    shift(lifted.closest("[data-attachment]"), true);
  });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-attachment]");
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    shift(item, event.key === "ArrowUp");
  });
  list.addEventListener("drawn", dress);
  dragging();
  dress();
})();
