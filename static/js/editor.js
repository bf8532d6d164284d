// The editor saves itself: what is left or pauses is sent, one request after another. Nothing typed is ever thrown
// away: what the server refuses, what is contested and what the network lost all stay on the page, and in this browser.
"use strict";

(() => {
  const form = document.getElementById("f");
  if (!form || !form.dataset.fields) return;

  const PAUSE = 2500; // ms without a key before the text is sent
  const LONGEST = 9000; // ms that a change may wait at most
  const RETRY = [3000, 6000, 12000, 20000];
  const names = form.dataset.fields.trim().split(/\s+/);
  const saveState = document.getElementById("save-state");
  const notices = document.getElementById("notices");
  const baseline = new Map(); // name → value that the server holds, as far as this page knows
  const contested = new Map(); // name → the other person's {value, theirs}
  const wrong = new Set(); // names whose value the server refused
  let revision = Number(form.elements.revision.value);
  let chain = Promise.resolve();
  let timer = 0;
  let waitingSince = 0;
  let failures = 0;
  let stopped = "";

  // --- reading and writing controls ---------------------------------------------------------------------------

  const plain = (text) => (text || "").replace(/\r\n?/g, "\n");

  function value(name) {
    const control = form.elements[name];
    if (!control) return "";
    if (control.type === "checkbox") return control.checked ? "on" : "";
    return plain(control.value);
  }

  function put(name, text) {
    const control = form.elements[name];
    if (!control) return;
    if (control.type === "checkbox") control.checked = text !== "";
    else if (control instanceof RadioNodeList) for (const radio of control) radio.checked = radio.value === text;
    else control.value = text;
    control.dispatchEvent && control.dispatchEvent(new CustomEvent("desk-put", { bubbles: true }));
    reveal();
  }

  function first(name) {
    const control = form.elements[name];
    return control instanceof RadioNodeList ? control[0] : control;
  }

  const place = (name) => first(name).closest(".wx-field");
  const labelOf = (name) => {
    const label = place(name).querySelector(".form-label, .form-check label");
    return label ? label.firstChild.textContent.trim() : name;
  };

  /** A value in the words that the page shows: the label of an option, else the text. */
  function words(name, text) {
    const control = form.elements[name];
    if (control.type === "checkbox") return text ? "已勾选" : "未勾选";
    if (control instanceof RadioNodeList) {
      const radio = [...control].find((one) => one.value === text);
      return radio ? radio.labels[0].textContent.trim() : "";
    }
    const option = control.options && [...control.options].find((one) => one.value === text);
    return option ? option.textContent : text;
  }

  function asMade(name) {
    const made = form.elements[`initial-${name}`];
    if (!made) return value(name);
    const control = form.elements[name];
    if (control.type === "checkbox") return made.value === "True" || made.value === "on" ? "on" : "";
    return plain(made.value);
  }

  const dirty = () => names.filter((name) => value(name) !== baseline.get(name));
  const sendable = () => dirty().filter((name) => !contested.has(name));

  // --- what the person is told --------------------------------------------------------------------------------

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

  // --- asking the server --------------------------------------------------------------------------------------

  const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1] || "";
  const token = () => cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value;
  const openedBy = form.elements.opened_by.value;
  const headers = () => ({
    "X-CSRFToken": token(), "X-Opened-By": openedBy, "HX-Request": "true", Accept: "application/json",
  });

  /** JSON of any status; throws {kind: off|login|again|gone, text} for what is not an answer of the desk. */
  async function ask(url, body) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), 20000);
    try {
      const response = await fetch(url, { method: "POST", body, headers: headers(), signal: stop.signal });
      return await understood(response.status, response.headers.get("Content-Type"), () => response.text());
    } catch (error) {
      throw error.kind ? error : { kind: "off", text: "离线，内容保留在本页" };
    } finally {
      clearTimeout(clock);
    }
  }

  async function understood(status, type, text) {
    if ((type || "").includes("json")) {
      const answer = JSON.parse(await text());
      if ((status === 403 || status === 409) && answer.message && !answer.theirs) {
        throw { kind: "gone", text: answer.message };
      }
      return answer;
    }
    if (status === 401) throw { kind: "login", text: await text() };
    if (status === 403) throw { kind: "login", text: "登录状态已变化，请重新登录，已填写的内容仍在。" };
    if (status === 404) throw { kind: "gone", text: "这项成果已不在您的列表中，不能再保存；文字都还在本页，请先复制留存。" };
    if (status < 400) throw { kind: "login", text: "请重新登录以确认身份，已填写的内容仍在。" };
    throw { kind: "again", text: "服务器暂时没有保存成功，正在重试" };
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

  // --- the page -----------------------------------------------------------------------------------------------

  function counters() {
    for (const box of form.querySelectorAll("textarea[data-max]")) {
      const meter = document.createElement("div");
      meter.className = "wx-meter wx-mute";
      box.insertAdjacentElement("afterend", meter);
      const count = () => {
        const length = [...plain(box.value).trim()].length;
        meter.textContent = `${length} / ${box.dataset.max} 字`;
        meter.classList.toggle("is-over", length > Number(box.dataset.max));
      };
      box.addEventListener("input", count);
      box.addEventListener("desk-put", count);
      count();
    }
  }

  /** The explanation of a category, the figures of a path: shown where they are asked for. */
  function reveal() {
    const explain = form.querySelector("[data-explain]");
    const explained = form.dataset.explained.trim().split(/\s+/);
    if (explain) explain.hidden = !explained.includes(value("category")) && !value("category_note");
    const path = value("benefit_path");
    for (const part of form.querySelectorAll("[data-only-path]")) {
      const star = part.dataset.onlyPath === path || !path;
      for (const sign of part.querySelectorAll(".form-label .req, .form-label .wx-vh")) sign.hidden = !star;
      if (part.dataset.onlyPath === "economic") part.hidden = path === "social";
    }
  }

  function listen() {
    const mine = (event) => names.includes(event.target.name);
    form.addEventListener("input", (event) => {
      if (!mine(event)) return;
      keep();
      tell("busy", "有改动，稍候保存");
      soon(PAUSE);
    });
    form.addEventListener("change", (event) => {
      if (!mine(event)) return;
      reveal();
      soon(0);
    });
    form.addEventListener("focusout", (event) => {
      if (mine(event) && sendable().length) soon(0);
    });
    window.addEventListener("online", () => soon(0));
    document.addEventListener("signed-in-again", goOn);
    window.addEventListener("focus", () => dirty().length && soon(0));
    document.addEventListener("visibilitychange", () => document.hidden && sendable().length && flush());
    window.addEventListener("beforeunload", (event) => {
      if (leaving || (!dirty().length && !desk.busyParts())) return;
      event.preventDefault();
      event.returnValue = "";
    });
    document.addEventListener("click", jump);
    form.addEventListener("submit", submit);
  }

  /** She is in again: what waited is sent at once, the fields first, then members, patents and files. */
  async function goOn() {
    failures = 0;
    notice("", "", "ask");
    await flush();
    await desk.flushParts();
    desk.resume();
  }

  /** A link of the list leads into the field itself. */
  function jump(event) {
    const link = event.target.closest("#complete a, #foot-next, #notices a[href^='#']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    if (!control) return;
    event.preventDefault();
    target.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  }

  let leaving = false;
  window.addEventListener("pageshow", () => { leaving = false; }); // back on the page as it was kept

  async function submit(event) {
    event.preventDefault();
    const wanted = event.submitter && event.submitter.value;
    if (desk.uploads()) notice("正在等待文件上传完成，完成后自动继续。", "info", "submit");
    await desk.uploaded();
    notice("", "", "submit");
    await flush();
    await desk.flushParts();
    if (wanted !== "submit" && wanted !== "register") return undefined;
    const unsent = desk.unsentFiles();
    if (unsent) {
      notice(`有 ${unsent} 个文件还没有上传：请选择材料类型，或重新上传，不要的请移去，再提交。`, "bad", "submit");
      document.querySelector("[data-files]").scrollIntoView({ block: "center" });
      return undefined;
    }
    const open = form.querySelector(".wx-clash, .is-invalid, [aria-invalid=true]");
    if (stopped || dirty().length || desk.busyParts() || desk.wrongParts()) {
      notice("还有内容没有保存，请先处理标出的地方，再提交。", "bad", "submit");
      if (open) open.scrollIntoView({ block: "center" });
      else window.scrollTo(0, 0);
      return undefined;
    }
    if (leaving) return undefined; // the second click of a double click
    leaving = true;
    const handIn = document.getElementById("hand-in");
    handIn.elements.do.value = wanted;
    handIn.elements.csrfmiddlewaretoken.value = token();
    return handIn.submit();
  }

  const desk = {
    ask, flush, understood, headers, queue, tell, notice, fault, clashBox, stand, settle, failed,
    flushParts: async () => {}, busyParts: () => 0, wrongParts: () => 0, resume: () => {},
    uploads: () => 0, uploaded: async () => {}, unsentFiles: () => 0,
  };
  window.wuxiaoDesk = desk;

  for (const name of names) if (form.elements[name]) baseline.set(name, asMade(name));
  for (const part of document.querySelectorAll("[data-script-only]")) part.hidden = false;
  for (const name of names) if (form.elements[name] && place(name).querySelector(".wx-err")) wrong.add(name);
  for (const input of document.querySelectorAll("input[data-native]")) input.classList.add("wx-vh"); // its label is the button
  counters();
  reveal();
  listen();
  restore();
})();
