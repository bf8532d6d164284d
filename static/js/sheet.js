// The score sheet: running total, saving as the expert goes. Without it the sheet is an ordinary form.
//
// Saving is serial: one request at a time, each with the revision that the page stands on. Until the server has
// acknowledged a change it lies in localStorage, so a lost network or a closed tab loses nothing. After sheet-store.js.
"use strict";

(() => {
  const { store, send } = window.wuxiaoSheet;
  const RETRY = [2000, 4000, 8000, 15000]; // milliseconds before the next attempt while there is no network
  const PAUSE = 600; // after a text was typed; a choice is saved at once

  const form = document.getElementById("sheet");

  if (!form || form.dataset.shut) return;

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
  show();
  Object.assign(window.wuxiaoSheet, { form, criteria, given, pointsOf, changed });
})();
