// The list of the audit queue: how many are chosen for a batch, and the order of recommendation by dragging or by keys.
// Without it the boxes, the buttons of a batch and 上移/下移 work all the same.
"use strict";

// --- choosing --------------------------------------------------------------------------------------------------
(() => {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const said = bar.querySelector("[data-chosen]");
  const first = said.innerHTML;
  const boxes = [...document.querySelectorAll("input[form=bulk][name=work]")];
  const [all, none] = [bar.querySelector("[data-all]"), bar.querySelector("[data-none]")];

  function tell() {
    const chosen = boxes.filter((box) => box.checked);
    const titles = chosen.map((box) => box.closest("li").querySelector("a").textContent.trim());
    if (!chosen.length) said.innerHTML = first;
    else {
      const count = document.createElement("b");
      count.textContent = `已选 ${chosen.length} 项`;
      said.replaceChildren(count, ` ${titles.slice(0, 3).join("、")}${titles.length > 3 ? "等" : ""}`);
    }
    for (const button of bar.querySelectorAll("[name=verb]")) button.disabled = !chosen.length;
    all.hidden = chosen.length === boxes.length;
    none.hidden = !chosen.length;
  }

  function choose(checked) {
    for (const box of boxes) box.checked = checked;
    tell();
  }

  all.addEventListener("click", () => choose(true));
  none.addEventListener("click", () => choose(false));
  for (const box of boxes) box.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // the browser may bring the ticks back
  tell();
})();

// --- the order -------------------------------------------------------------------------------------------------
(() => {
  const list = document.querySelector("ol[data-order]");
  if (!list || list.children.length < 2) return;
  const said = document.querySelector("[data-order-said]");
  const start = Number(list.getAttribute("start")) || 1;
  const PAUSE = 700; // ms after the last key
  let timer = 0;
  let saving = false;
  let saved = order();

  function order() {
    return [...list.children].map((line) => line.dataset.work).join(",");
  }

  const title = (line) => line.querySelector("a").textContent.trim();
  const place = (line) => start + [...list.children].indexOf(line);

  function number() {
    for (const line of list.children) line.querySelector(".wx-q-no").textContent = place(line);
  }

  function tell(text, bad) {
    said.textContent = text;
    said.classList.toggle("is-bad", Boolean(bad));
  }

  function offer(word, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-secondary";
    button.textContent = word;
    button.addEventListener("click", act);
    said.append(" ", button);
  }

  async function save(line) {
    clearTimeout(timer);
    const now = order();
    if (saving || now === saved) return;
    saving = true;
    const body = new URLSearchParams(now.split(",").map((pk) => ["work", pk]));
    body.append("seen", list.dataset.seen);
    try {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
      const headers = { "X-CSRFToken": token, "HX-Request": "true", Accept: "application/json" };
      const response = await fetch(list.dataset.order, { method: "POST", body, headers });
      took(response, await answer(response), now, line);
    } catch {
      tell("没有连上服务器，新的顺序还没有保存。", true);
      offer("再试一次", () => save(line));
    } finally {
      saving = false;
    }
    if (saved === now && order() !== now) save(line); // moved on while it was being saved
  }

  async function answer(response) {
    const type = response.headers.get("Content-Type") || "";
    return type.includes("json") ? response.json() : { message: "登录状态已变化，新的顺序没有保存；请刷新页面。" };
  }

  function took(response, told, now, line) {
    if (response.ok && told.seen) {
      saved = now;
      list.dataset.seen = told.seen;
      for (const input of list.querySelectorAll("[name=seen]")) input.value = told.seen;
      tell(`${told.message}“${title(line)}”现在排第 ${place(line)} 位。`);
      return;
    }
    tell(told.message, true);
    offer("查看最新顺序", () => {
      saved = order();
      window.location.reload();
    });
  }

  function put(line, before) {
    list.insertBefore(line, before);
    number();
  }

  const targets = {
    ArrowUp: (line) => line.previousElementSibling,
    ArrowDown: (line) => line.nextElementSibling && line.nextElementSibling.nextElementSibling,
    Home: () => list.firstElementChild,
    End: () => null,
  };

  function onKey(event, line) {
    if (!(event.key in targets)) return;
    event.preventDefault();
    const at = place(line);
    const before = targets[event.key](line);
    if (event.key === "ArrowUp" && !before) return;
    put(line, before);
    line.querySelector(".wx-grip").focus();
    if (place(line) === at) return;
    tell(`“${title(line)}”移到第 ${place(line)} 位。`);
    clearTimeout(timer);
    timer = setTimeout(() => save(line), PAUSE);
  }

  function onPointer(event, line) {
    if (event.button !== 0) return;
    event.preventDefault();
    const was = line.nextElementSibling;
    line.classList.add("is-dragged");

    function move(moved) {
      const box = list.getBoundingClientRect();
      const whole = list.scrollHeight <= list.clientHeight + 1; // the page scrolls, not the list
      const [scrolled, top, bottom] = whole ? [window, 90, window.innerHeight] : [list, box.top, box.bottom];
      if (moved.clientY < top + 30) scrolled.scrollBy(0, -12);
      if (moved.clientY > bottom - 30) scrolled.scrollBy(0, 12);
      const others = [...list.children].filter((other) => other !== line);
      const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
      const before = others.find((other) => moved.clientY < middle(other)) || null;
      if (before !== line.nextElementSibling) put(line, before);
    }

    function end(ended) {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      line.classList.remove("is-dragged");
      if (ended.type === "pointercancel") put(line, was);
      else save(line);
    }

    // At the document: a line that changes its place would lose a captured pointer.
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  }

  for (const line of list.children) {
    const grip = document.createElement("button");
    grip.type = "button";
    grip.className = "wx-grip";
    grip.setAttribute("aria-label", `拖动 ${title(line)}，或用上下方向键移动`);
    grip.innerHTML = '<i class="bi bi-grip-vertical" aria-hidden="true"></i>';
    grip.addEventListener("keydown", (event) => onKey(event, line));
    grip.addEventListener("pointerdown", (event) => onPointer(event, line));
    line.append(grip);
  }
  list.classList.add("is-draggable");
  tell("拖动右边的把手，或选中后按上下方向键，即附件2 的序号；自动保存。");
  window.addEventListener("beforeunload", (event) => {
    if (order() === saved) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
