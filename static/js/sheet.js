// The score sheet: running total, keyboard, saving as the expert goes. Without it the sheet is an ordinary form.
//
// Saving is serial: one request at a time, each with the revision that the page stands on. Until the server has
// acknowledged a change it lies in localStorage, so a lost network or a closed tab loses nothing; any page of the
// expert that loads this script sends what is left over.
"use strict";

(() => {
  // What one person left on this device is never sent in another one's name.
  const owned = document.querySelector("[data-owner]");
  const PREFIX = `wuxiao-sheet:${owned ? owned.dataset.owner : ""}:`;
  const RETRY = [2000, 4000, 8000, 15000]; // milliseconds before the next attempt while there is no network
  const PAUSE = 600; // after a text was typed; a choice is saved at once
  const DIGITS = 900; // how long a second digit is waited for

  // --- what is not yet on the server ----------------------------------------------------------------

  const store = {
    read(url) {
      try {
        return JSON.parse(localStorage.getItem(PREFIX + url));
      } catch {
        return null;
      }
    },
    write(url, record) {
      try {
        localStorage.setItem(PREFIX + url, JSON.stringify(record));
        return true;
      } catch {
        return false; // private mode or full: saving to the server goes on
      }
    },
    drop(url) {
      try {
        localStorage.removeItem(PREFIX + url);
      } catch {
        // nothing was kept
      }
    },
    urls() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
      } catch {
        return [];
      }
    },
  };

  function token() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
    if (cookie) return cookie.slice("csrftoken=".length); // newer than the form's after signing in again
    const hidden = document.querySelector("input[name=csrfmiddlewaretoken]");
    return hidden ? hidden.value : "";
  }

  // kind: ok | stale | refused | signed_out | offline
  async function send(url, fields, revision) {
    const body = new URLSearchParams(fields);
    body.set("revision", revision);
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return { kind: "offline" };
    }
    if (answer.type === "opaqueredirect") return { kind: "signed_out" };
    if (answer.status >= 500 || answer.status === 429) return { kind: "offline" };
    const json = await answer.json().catch(() => null);
    if (!json) return { kind: [401, 403].includes(answer.status) ? "signed_out" : "refused", errors: {} };
    if (answer.ok) return { kind: "ok", ...json };
    return { kind: answer.status === 409 ? "stale" : "refused", ...json };
  }

  // --- the leftovers of other sheets ----------------------------------------------------------------

  // What the server refuses for good (handed in, closed) stays on this device with its reason: opened, it is shown.
  async function sendLeftovers(own) {
    const found = { sent: 0, waiting: 0, refused: "" };
    for (const url of store.urls()) {
      if (url === own) continue;
      const record = store.read(url);
      if (!record) continue;
      const answer = record.refused ? { kind: "refused" } : await send(url, record.fields, record.revision);
      if (answer.kind === "ok") {
        found.sent += 1;
        store.drop(url);
      } else if (answer.kind === "refused") {
        found.refused = record.refused || Object.values(answer.errors || {})[0] || "该评分表已不能修改。";
        store.write(url, { ...record, refused: found.refused });
      } else found.waiting += 1;
    }
    return found;
  }

  function tellLeftovers(found) {
    const notice = document.getElementById("pending");
    if (!notice) return;
    if (found.sent && !found.waiting && !found.refused) location.reload(); // the list shows the new totals
    const waiting = `${found.waiting} 份评分表的最近修改只存在本机，请联网并打开该份核对。`;
    notice.hidden = !found.waiting && !found.refused;
    document.getElementById("pending-text").textContent =
      (found.waiting ? waiting : "") + (found.refused ? `本机有一份修改没有被接受：${found.refused}打开该份可以查看。` : "");
  }

  // --- the size of the text, remembered on this device -------------------------------------------------

  function textSize() {
    const choice = document.getElementById("text-size");
    if (!choice) return;
    const key = "wuxiao-text-size";
    const apply = (size) => document.body.classList.toggle("is-large", size === "large");
    try {
      if (localStorage.getItem(key) === "large") choice.querySelector("[value=large]").checked = true;
    } catch {
      // not remembered
    }
    choice.hidden = false;
    apply(choice.querySelector("input:checked").value);
    choice.addEventListener("change", (event) => {
      apply(event.target.value);
      try {
        localStorage.setItem(key, event.target.value);
      } catch {
        // not remembered
      }
    });
  }

  textSize();
  const form = document.getElementById("sheet");

  // A sheet that was closed before this device could send its last change: she sees what did not go in.
  function showUnsent() {
    const record = form && store.read(form.dataset.save);
    if (!record) return;
    const names = [...form.querySelectorAll("[data-criterion]")].map((one) => {
      const level = record.fields[`level-${one.dataset.criterion}`];
      const points = record.fields[`points-${one.dataset.criterion}-${level}`];
      return `${one.dataset.name} ${points || "未选分"}`;
    });
    const box = document.createElement("div");
    box.className = "wx-rub-n";
    box.innerHTML = '<div class="wx-banner is-warn"><div><b class="wx-b">本机有一份没有交上的修改</b><p></p>' +
      '<p><button class="btn btn-sm btn-secondary" type="button">已记下，从本机清除</button></p></div></div>';
    box.querySelector("p").textContent = [...names, record.fields.comment].filter(Boolean).join("；");
    box.querySelector("button").addEventListener("click", () => {
      store.drop(form.dataset.save);
      box.remove();
    });
    form.querySelector(".wx-rub-b").prepend(box);
  }

  if (!form || form.dataset.shut) {
    showUnsent();
    sendLeftovers(form ? form.dataset.save : "").then(tellLeftovers);
    return;
  }

  // --- this sheet -----------------------------------------------------------------------------------

  const url = form.dataset.save;
  const revision = form.querySelector("input[name=revision]");
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const conflict = document.getElementById("conflict");
  const state = document.getElementById("save-state");
  let version = 0; // grows with every change
  let acknowledged = 0;
  let busy = null;
  let timer = 0;
  let offlineSince = 0;
  let failures = 0;
  let halted = false;

  function say(kind, words) {
    state.className = `wx-save${{ busy: " is-busy", off: " is-off", bad: " is-bad" }[kind] || ""}`;
    const icon = { busy: "arrow-repeat", off: "cloud-slash", bad: "exclamation-diamond" }[kind] || "check2";
    state.querySelector("i").className = `bi bi-${icon}`;
    const text = state.querySelector("span");
    if (text.textContent !== words) text.textContent = words;
  }

  const clock = () => {
    const shown = document.querySelector("time[data-epoch]");
    return shown ? shown.textContent.trim() : "";
  };

  function fields() {
    const found = {};
    for (const fieldset of criteria) {
      const level = fieldset.querySelector(".wx-lv-i:checked");
      if (!level) continue;
      found[level.name] = level.value;
      const points = pointsOf(level);
      const chosen = points && points.querySelector("input:checked");
      if (chosen) found[chosen.name] = chosen.value;
    }
    for (const name of ["comment", "doubt", "ineligible"]) found[name] = form.elements[name].value;
    return found;
  }

  function pointsOf(level) {
    const group = level.nextElementSibling.nextElementSibling;
    return group && group.classList.contains("wx-pts") ? group : null;
  }

  function keep() {
    return store.write(url, { revision: revision.value, fields: fields() });
  }

  function changed(soon) {
    version += 1;
    keep();
    show();
    clearTimeout(timer);
    timer = setTimeout(save, soon ? 0 : PAUSE);
  }

  function save() {
    clearTimeout(timer);
    if (!busy && !halted && version > acknowledged) {
      busy = attempt().finally(() => {
        busy = null;
        if (!offlineSince && !halted && version > acknowledged) save();
      });
    }
    return busy || Promise.resolve();
  }

  async function attempt() {
    const sent = version;
    if (!offlineSince) say("busy", "正在保存");
    const answer = await send(url, fields(), revision.value);
    if (answer.kind === "offline") return offline();
    offlineSince = 0;
    failures = 0;
    showFaults(answer.errors || {});
    if (answer.kind === "ok") return saved(sent, answer);
    if (answer.kind === "stale") return stale(answer);
    if (answer.kind === "signed_out") {
      say("bad", "登录已过期，内容存在本机；请在新窗口登录后回到本页");
      timer = setTimeout(save, pause());
      offlineSince = Date.now();
      return undefined;
    }
    acknowledged = sent; // not saved, but sending the same again would not help; a change tries again
    const first = Object.values(answer.errors || {})[0];
    return say("bad", `没有保存：${first || "请刷新页面后再试。"}`);
  }

  function saved(sent, answer) {
    acknowledged = Math.max(acknowledged, sent);
    revision.value = answer.revision;
    if (version === sent) store.drop(url);
    else keep();
    say("ok", `已保存 ${clock()}`);
  }

  const pause = () => RETRY[Math.min(failures++, RETRY.length - 1)];

  function offline() {
    offlineSince = offlineSince || Date.now();
    const minutes = Math.floor((Date.now() - offlineSince) / 60000);
    const kept = keep() ? "已存在本机，联网后自动同步" : "请不要关闭本页，联网后自动同步";
    say("off", `离线${minutes ? ` ${minutes} 分钟` : ""}，${kept}`);
    clearTimeout(timer);
    timer = setTimeout(save, pause());
  }

  function stale(answer) {
    halted = true;
    conflict.dataset.revision = answer.revision;
    const rows = conflict.querySelector("[data-clashes]");
    rows.textContent = "";
    for (const [label, mine, theirs] of answer.clashes || []) {
      const row = rows.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = label;
      row.append(head);
      for (const words of [mine, theirs]) row.insertCell().textContent = words;
    }
    conflict.hidden = false;
    conflict.scrollIntoView({ block: "nearest" });
    say("bad", "冲突：与另一处的修改不同，请选择");
  }

  conflict.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    if (!button) return;
    if (button.dataset.keep === "theirs") {
      store.drop(url);
      location.reload();
      return;
    }
    revision.value = conflict.dataset.revision;
    conflict.hidden = true;
    halted = false;
    version += 1;
    save();
  });

  // --- what the page shows --------------------------------------------------------------------------

  function given(fieldset) {
    const level = fieldset.querySelector(".wx-lv-i:checked");
    const points = level && pointsOf(level);
    const chosen = points && points.querySelector("input:checked");
    return chosen ? Number(chosen.value) : null;
  }

  function show() {
    const points = criteria.map(given);
    criteria.forEach((fieldset, place) => {
      const output = fieldset.querySelector("output");
      output.textContent = points[place] === null ? "未评" : points[place];
      output.classList.toggle("none", points[place] === null);
      fieldset.classList.toggle("is-open", points[place] === null);
    });
    const open = criteria.filter((_, place) => points[place] === null).map((fieldset) => fieldset.dataset.name);
    document.getElementById("total").textContent = points.reduce((sum, one) => sum + (one || 0), 0);
    document.getElementById("missing").textContent = open.length ? `还差 ${open.length} 项：${open.join("、")}` : "已评完";
    document.getElementById("parts").textContent = points.map((one) => (one === null ? "–" : one)).join(" + ");
  }

  function showFaults(errors) {
    for (const fieldset of criteria) {
      const place = fieldset.querySelector("[data-fault]");
      const words = errors[fieldset.dataset.criterion];
      place.textContent = "";
      if (!words) continue;
      const line = document.createElement("p");
      line.textContent = words;
      place.append(line);
    }
  }

  form.addEventListener("change", (event) => changed(event.target.type === "radio"));
  form.addEventListener("input", (event) => {
    if (event.target.type !== "radio") changed(false);
  });
  window.addEventListener("online", () => {
    failures = 0;
    save();
  });

  // --- leaving --------------------------------------------------------------------------------------

  async function leave(target) {
    await save();
    if (version > acknowledged && !halted) await save();
    if (version > acknowledged || offlineSince) return; // the words beside the title say why
    location.href = target;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (version === acknowledged && !Number(revision.value)) version += 1;
    const next = event.submitter && event.submitter.value === "next";
    if (!next) {
      save();
      return;
    }
    const after = document.querySelector(".wx-ctx a[rel=next]");
    leave(after ? after.href : document.querySelector(".wx-back").href);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".wx-ctx a[href], .wx-rub a[href]");
    if (!link || link.target || link.getAttribute("href").startsWith("#") || event.metaKey || event.ctrlKey) return;
    if (version === acknowledged && !offlineSince) return;
    event.preventDefault();
    leave(link.href);
  });

  // --- keyboard: arrows and digits suffice ----------------------------------------------------------

  let typed = "";
  let typedAt = 0;

  const current = () => {
    const focused = document.activeElement && document.activeElement.closest("[data-criterion]");
    return focused || criteria.find((one) => given(one) === null) || criteria[0];
  };

  function choose(input) {
    input.checked = true;
    input.focus({ preventScroll: true });
    input.nextElementSibling.scrollIntoView({ block: "nearest" });
    changed(true);
  }

  const levelsOf = (fieldset) => [...fieldset.querySelectorAll(".wx-lv-i:not(:disabled)")];

  function moveLevel(fieldset, by) {
    const levels = levelsOf(fieldset);
    const at = levels.findIndex((level) => level.checked);
    const next = at < 0 ? (by > 0 ? 0 : levels.length - 1) : Math.min(levels.length - 1, Math.max(0, at + by));
    if (next !== at) choose(levels[next]);
    else levels[at].focus({ preventScroll: true });
  }

  function movePoints(fieldset, by) {
    const level = fieldset.querySelector(".wx-lv-i:checked");
    const group = level && pointsOf(level);
    if (!group) return;
    const inputs = [...group.querySelectorAll("input")];
    const at = inputs.findIndex((input) => input.checked);
    const next = at < 0 ? (by > 0 ? 0 : inputs.length - 1) : Math.min(inputs.length - 1, Math.max(0, at + by));
    if (next !== at) choose(inputs[next]);
  }

  // “17” chooses 17 points and the level that holds them; a single digit waits for a second one if one could follow.
  function digit(fieldset, sign) {
    const now = Date.now();
    typed = now - typedAt < DIGITS ? (typed + sign).slice(-2) : sign;
    typedAt = now;
    for (const level of levelsOf(fieldset)) {
      const group = pointsOf(level);
      const input = group && [...group.querySelectorAll("input")].find((one) => Number(one.value) === Number(typed));
      if (!input) continue;
      level.checked = true;
      choose(input);
      return;
    }
  }

  function nextCriterion(fieldset) {
    const after = criteria[criteria.indexOf(fieldset) + 1];
    if (!after) {
      form.querySelector(".wx-sum .btn-primary").focus();
      return;
    }
    const target = after.querySelector(".wx-lv-i:checked") || levelsOf(after)[0];
    target.focus({ preventScroll: true });
    after.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (target.closest("textarea, a, button, summary, #text-size, input:not([type=radio]), [role=region]")) return;
    const fieldset = current();
    const moves = {
      ArrowUp: () => moveLevel(fieldset, -1),
      ArrowDown: () => moveLevel(fieldset, 1),
      ArrowLeft: () => movePoints(fieldset, -1),
      ArrowRight: () => movePoints(fieldset, 1),
      Enter: () => nextCriterion(fieldset),
      n: () => form.querySelector(".wx-sum .btn-primary").click(),
      N: () => form.querySelector(".wx-sum .btn-primary").click(),
    };
    const inForm = Boolean(target.closest("[data-criterion]"));
    const act = /^[0-9]$/.test(event.key) ? () => digit(fieldset, event.key) : moves[event.key];
    if (!act || (event.key.startsWith("Arrow") && !inForm && target !== document.body)) return;
    if (event.key === "Enter" && !inForm) return;
    event.preventDefault();
    act();
  });

  // --- begin: what this device still had -----------------------------------------------------------

  function restore(record) {
    for (const [name, value] of Object.entries(record.fields)) {
      const field = form.elements[name];
      if (!field) continue;
      if (field.tagName === "TEXTAREA") field.value = value;
      else for (const radio of field.length ? field : [field]) radio.checked = radio.value === value && !radio.disabled;
    }
  }

  const left = store.read(url);
  if (left) {
    restore(left);
    version += 1;
    if (!conflict.hidden) store.drop(url); // the page itself shows both already
    else {
      revision.value = left.revision;
      save(); // from an older state, and then the server tells what differs
    }
  }
  const keys = form.querySelector(".wx-keys");
  if (keys) keys.hidden = false;
  show();
  sendLeftovers(url);
})();
