// What the editor tells the person: the state beside the title, banners over the form, faults and clashes at a field.
// First of the editor's files: it makes the desk that the others share.
"use strict";

(() => {
  const form = document.getElementById("f");
  if (!form || !form.dataset.fields) return;

  const saveState = document.getElementById("save-state");
  const notices = document.getElementById("notices");

  function tell(kind, text) {
    const drawn = { busy: "arrow-repeat", off: "wifi-off", bad: "exclamation-diamond" }[kind] || "check2";
    saveState.className = kind ? `wx-save is-${kind}` : "wx-save";
    saveState.querySelector(".bi").className = `bi bi-${drawn}${kind ? "" : " wx-tick"}`;
    const line = saveState.querySelector("span");
    if (line.textContent !== text) line.textContent = text;
  }

  /** A banner over the form; the same sentence stands there once. */
  function notice(text, tone, key) {
    const old = notices.querySelector(`[data-key="${key}"]`);
    if (old) old.remove();
    if (!text) return;
    const box = document.createElement("div");
    box.className = `wx-banner is-${tone}`;
    box.dataset.key = key;
    box.setAttribute("role", tone === "bad" ? "alert" : "status");
    const icon = document.createElement("i");
    icon.className = `bi bi-${tone === "bad" ? "exclamation-diamond" : "info-circle"}`;
    icon.setAttribute("aria-hidden", "true");
    const line = document.createElement("p");
    line.textContent = text;
    box.append(icon, line);
    notices.prepend(box);
  }

  function fault(field, control, sentence) {
    const id = `${control.id}_fault`;
    let box = field.querySelector(".wx-err");
    if (!sentence) {
      if (box) box.remove();
      control.classList.remove("is-invalid");
      control.removeAttribute("aria-invalid");
      return;
    }
    if (!box) {
      box = document.createElement("div");
      field.append(box);
    }
    box.className = "wx-err";
    box.id = id;
    box.textContent = sentence;
    if (control.matches(".form-control, .form-select")) control.classList.add("is-invalid");
    control.setAttribute("aria-invalid", "true");
    const told = (control.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    control.setAttribute("aria-describedby", [...told, id].join(" "));
  }

  function clashBox(heading, mine, theirs, choose) {
    const box = document.createElement("div");
    box.className = "wx-clash";
    box.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.className = "wx-b";
    line.textContent = heading;
    const list = document.createElement("dl");
    for (const [term, text] of [["您写的", mine], ["对方已保存的", theirs]]) {
      const pair = document.createElement("div");
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      dt.textContent = term;
      dd.textContent = text || "（空）";
      pair.append(dt, dd);
      list.append(pair);
    }
    const row = document.createElement("div");
    row.className = "wx-row";
    for (const [word, own] of [["用我写的", true], ["用对方的", false]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-secondary";
      button.textContent = word;
      button.addEventListener("click", () => choose(own));
      row.append(button);
    }
    box.append(line, list, row);
    return box;
  }

  window.wuxiaoDesk = { tell, notice, fault, clashBox };
})();
