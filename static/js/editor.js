// The editor saves itself: what is left or pauses is sent, one request after another. Nothing typed is ever thrown
// away: what the server refuses, what is contested and what the network lost all stay on the page, and in this browser.
// After editor-told.js, editor-fields.js and editor-ask.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const { tell, notice, fault, clashBox, ask } = desk;
  const { plain, value, put, first, place, labelOf, words, asMade } = desk.fields;
  const form = document.getElementById("f");

  const PAUSE = 2500; // ms without a key before the text is sent
  const LONGEST = 9000; // ms that a change may wait at most
  const RETRY = [3000, 6000, 12000, 20000];
  const names = form.dataset.fields.trim().split(/\s+/);
  const baseline = new Map(); // name → value that the server holds, as far as this page knows
  const contested = new Map(); // name → the other person's {value, theirs}
  const wrong = new Set(); // names whose value the server refused
  let revision = Number(form.elements.revision.value);
  let chain = Promise.resolve();
  let timer = 0;
  let waitingSince = 0;
  let failures = 0;
  let stopped = "";

  const dirty = () => names.filter((name) => value(name) !== baseline.get(name));
  const sendable = () => dirty().filter((name) => !contested.has(name));

  // --- faults and clashes of a field ----------------------------------------------------------------------------------

  function mark(name, sentence) {
    if (sentence) wrong.add(name);
    else wrong.delete(name);
    fault(place(name), first(name), sentence);
  }

  /** Both texts under the field, and two buttons: nothing is decided for her. */
  function clash(name, mine, theirs, kept) {
    contested.set(name, kept);
    const old = place(name).querySelector(".wx-clash");
    if (old) old.remove();
    const box = clashBox(`“${labelOf(name)}”刚刚被他人修改过，您的文字还没有保存。`, mine, theirs, (own) => {
      box.remove();
      contested.delete(name);
      baseline.set(name, kept);
      if (own) soon(0);
      else {
        put(name, kept);
        mark(name, "");
        settle();
      }
      first(name).focus();
    });
    place(name).append(box);
  }

  function failed(error) {
    if (error.kind === "gone") {
      stopped = error.text;
      notice(`${error.text}您还没有保存的文字都在下面，可以复制。`, "bad", "ask");
      tell("bad", "未保存");
      return;
    }
    if (error.kind === "login") {
      notice(error.text, "bad", "ask");
      tell("bad", "登录已过期，内容保留在本页");
      if (window.wuxiaoSignIn) window.wuxiaoSignIn.ask(error.text);
    } else {
      tell("off", error.text);
    }
    keep();
    timer = setTimeout(flush, RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
  }

  // --- saving -------------------------------------------------------------------------------------------------

  function soon(delay) {
    if (stopped) return;
    clearTimeout(timer);
    if (!waitingSince) waitingSince = Date.now();
    timer = setTimeout(flush, Math.max(0, Math.min(delay, waitingSince + LONGEST - Date.now())));
  }

  /** One request at a time; the promise ends when this one is answered. */
  function queue(task) {
    chain = chain.then(task, task);
    return chain;
  }

  function flush() {
    clearTimeout(timer);
    waitingSince = 0;
    return queue(send);
  }

  async function send() {
    const sent = new Map(sendable().map((name) => [name, value(name)]));
    if (!sent.size || stopped) return settle();
    tell("busy", "正在保存");
    const body = new URLSearchParams([["revision", revision], ...sent]);
    try {
      const answer = await ask(form.dataset.url, body);
      failures = 0;
      notice("", "", "ask");
      took(answer, sent);
    } catch (error) {
      failed(error);
      return undefined;
    }
    return settle();
  }

  function took(answer, sent) {
    for (const [name, was] of sent) {
      if (answer.errors[name]) {
        mark(name, answer.errors[name]);
      } else if (answer.conflicts[name]) {
        const both = answer.conflicts[name];
        clash(name, both.mine, both.theirs, plain(both.value));
      } else {
        kept(name, was, plain(answer.shown[name]));
      }
    }
    for (const [name, text] of Object.entries(answer.news)) news(name, plain(text));
    for (const [name, at] of Object.entries(answer.parts)) {
      document.dispatchEvent(new CustomEvent("desk-part", { detail: { name, at } }));
    }
    revision = answer.revision;
    form.elements.revision.value = revision;
    stand(answer);
  }

  /** Saved: the server's spelling takes the place of hers, unless she is at it again. */
  function kept(name, was, shown) {
    mark(name, "");
    const untouched = value(name) === was;
    baseline.set(name, untouched && first(name) !== document.activeElement ? shown : was);
    if (untouched && first(name) !== document.activeElement && shown !== was) put(name, shown);
    const made = form.elements[`initial-${name}`];
    if (made) made.value = baseline.get(name);
  }

  /** A colleague has saved this field: a field that is untouched here follows, a touched one asks. */
  function news(name, text) {
    if (contested.has(name) || text === baseline.get(name)) return;
    if (value(name) === baseline.get(name)) {
      baseline.set(name, text);
      put(name, text);
    } else if (value(name) === text) baseline.set(name, text);
    else clash(name, words(name, value(name)), words(name, text), text);
  }

  /** What the page says about the whole after any save. */
  function stand(answer) {
    lastSaved = answer.at;
    document.getElementById("page-title").textContent = answer.title;
    document.getElementById("complete").innerHTML = answer.complete;
    const foot = document.getElementById("foot-next");
    foot.querySelector("b").textContent = answer.left ? `还差 ${answer.left} 项` : "已填写完整";
    foot.querySelector("span").textContent = answer.next ? `下一项：${answer.next.label}` : "可以提交";
    if (answer.next) foot.href = answer.next.href;
    for (const control of form.querySelectorAll(".is-missing")) {
      if (!answer.missing.includes(control.name)) control.classList.remove("is-missing");
    }
    const stamped = document.getElementById("stamped");
    if (stamped && answer.stamped && !stamped.contains(document.activeElement)) stamped.innerHTML = answer.stamped;
    if (window.htmx) window.htmx.trigger(document.body, "desk-saved");
  }
  let lastSaved = "";

  function settle() {
    const faulty = [...wrong].filter((name) => value(name) !== baseline.get(name)).length + desk.wrongParts();
    if (stopped) return;
    if (contested.size) tell("bad", "有冲突，请选择要保留的文字");
    else if (faulty) tell("bad", `有 ${faulty} 处未保存，请改正`);
    else if (dirty().length) tell("busy", "有改动，稍候保存");
    else if (lastSaved) tell("", `已保存 ${lastSaved}`);
    keep();
  }

  // --- this browser keeps what the server does not yet have -----------------------------------------------------

  const ownBackup = new Map(); // the names that this tab has stored, with their texts

  function keep() {
    const left = new Set(dirty());
    try {
      const stored = JSON.parse(localStorage.getItem(form.dataset.backup) || "null") || { values: {} };
      const foreign = Object.entries(stored.values).filter(([name, text]) => ownBackup.get(name) !== text);
      const values = Object.fromEntries(foreign); // another tab's: it takes them away itself when they are saved
      for (const name of left) values[name] = value(name);
      ownBackup.clear();
      for (const name of left) ownBackup.set(name, values[name]);
      const oldest = foreign.length ? Math.min(revision, Number(stored.revision) || 0) : revision;
      if (!Object.keys(values).length) localStorage.removeItem(form.dataset.backup);
      else localStorage.setItem(form.dataset.backup, JSON.stringify({ revision: oldest, values }));
    } catch {
      // A browser without storage still has the page itself.
    }
  }

  function restore() {
    let found = null;
    try {
      found = JSON.parse(localStorage.getItem(form.dataset.backup) || "null");
    } catch {
      return;
    }
    const values = Object.entries((found || {}).values || {}).filter(
      ([name, text]) => names.includes(name) && form.elements[name] && text !== value(name),
    );
    for (const [name, text] of Object.entries((found || {}).values || {})) ownBackup.set(name, text); // hers from now on
    if (!values.length) return;
    for (const [name, text] of values) put(name, text);
    revision = Math.min(revision, Number(found.revision) || 0);
    notice(`上次有 ${values.length} 处文字没有来得及保存，已放回页面并继续保存。`, "info", "restore");
    soon(0);
  }

  // --- the page ---------------------------------------------------------------------------------------------------

  function listen() {
    const mine = (event) => names.includes(event.target.name);
    form.addEventListener("input", (event) => {
      if (!mine(event)) return;
      keep();
      tell("busy", "有改动，稍候保存");
      soon(PAUSE);
    });
    form.addEventListener("change", (event) => {
      if (mine(event)) soon(0);
    });
    form.addEventListener("focusout", (event) => {
      if (mine(event) && sendable().length) soon(0);
    });
    window.addEventListener("online", () => soon(0));
    document.addEventListener("signed-in-again", goOn);
    window.addEventListener("focus", () => dirty().length && soon(0));
    document.addEventListener("visibilitychange", () => document.hidden && sendable().length && flush());
  }

  /** She is in again: what waited is sent at once, the fields first, then members, patents and files. */
  async function goOn() {
    failures = 0;
    notice("", "", "ask");
    await flush();
    await desk.flushParts();
    desk.resume();
  }

  Object.assign(desk, {
    dirty, flush, queue, stand, settle, failed,
    unsaved: () => Boolean(stopped || dirty().length),
    flushParts: async () => {}, busyParts: () => 0, wrongParts: () => 0, resume: () => {},
    uploads: () => 0, uploaded: async () => {}, unsentFiles: () => 0,
  });

  for (const name of names) if (form.elements[name]) baseline.set(name, asMade(name));
  for (const name of names) if (form.elements[name] && place(name).querySelector(".wx-err")) wrong.add(name);
  listen();
  restore();
})();
